"""The words: complete, discreet, and shown in the city's time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notification.wording.catalogue import (
    Catalogue,
    Template,
    ValueKind,
    Words,
    catalogue,
    refused_words,
)
from services.notification.wording.linter import (
    IndiscreetWords,
    findings,
    require_discreet,
    revealing_words,
)
from services.notification.wording.rendering import render
from tests.unit.notification.fakes import NOON

VALUES = {
    ValueKind.MOMENT: "2026-03-02T04:00:00Z",
    ValueKind.COUNT: 2,
    ValueKind.CODE: "ABCD-EFGH",
}


def everything_said():
    for kind, template in catalogue().templates.items():
        values = {name: VALUES[of] for name, of in template.values.items()}
        for language in ("zh", "en"):
            yield (
                kind,
                render(kind, values, language, catalogue=catalogue(), public_url="https://x.cn"),
            )


def test_the_shipped_words_are_discreet_and_complete():
    assert list(findings(catalogue())) == []


def test_what_is_rendered_is_discreet_too():
    for kind, words in everything_said():
        for line in (words.title, words.text, words.subject, words.preview, words.body):
            assert revealing_words(line) == (), kind
            assert "{" not in line


@pytest.mark.parametrize(
    "text",
    [
        "您的心理咨询预约", "心 理 服务", "心·理", "心​理", "抑鬱抑郁", "ＰＨＱ-９ 结果", "危机",
        "Your counselling session", "SELF-HARM", "self harm? self‑harm", "Mental  health",
        "psychologist", "depression", "P.H.Q.", "anxiety", "call 12356", "zi xun zixun",
    ],
)  # fmt: skip
def test_revealing_words_are_found_however_they_are_written(text):
    assert revealing_words(text)


@pytest.mark.parametrize(
    "text", ["您的预约有更新，请登录后查看。", "brisk", "supervisor", "{when}"]
)
def test_ordinary_words_are_let_through(text):
    assert revealing_words(text) == ()


@given(
    word=st.sampled_from(refused_words()["zh"]),
    gap=st.sampled_from(["", " ", "　", "·", "-", "​", "，"]),
    before=st.sampled_from(["", "您的", "预约"]),
)
def test_no_gap_hides_a_chinese_word(word, gap, before):
    assert word in revealing_words(before + gap.join(word))


@given(word=st.sampled_from(refused_words()["en"]), ending=st.sampled_from(["", "s", "ing"]))
def test_no_case_or_ending_hides_an_english_word(word, ending):
    assert word in revealing_words(f"Your {word.upper()}{ending} now")


def a_catalogue(values=("when",), **lines):
    good = {"title": "预约", "text": "时间：{when}", "subject": "预约", "preview": "请登录"}
    words = Words(**{**good, **lines})
    template = Template("k", "/inbox", dict.fromkeys(values, ValueKind.MOMENT), {"zh": words})
    return Catalogue({"k": template}, {"zh": "自动发送"})


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        ({"subject": "心理预约"}, "k.zh.subject"),
        ({"preview": "时间：{when}"}, "k.zh.preview"),
        ({"text": "地点：{place}"}, "k.zh.text"),
        ({"title": " "}, "k.zh.title"),
    ],
)
def test_the_linter_names_the_line(lines, where):
    assert [found.where for found in findings(a_catalogue(**lines))] == [where]


def test_a_moment_is_shown_in_the_citys_time():
    words = {
        language: render(
            "appointment-booked", {"when": NOON.isoformat()}, language, catalogue=catalogue()
        )
        for language in ("zh", "en")
    }

    assert "3月2日（周一）12:00" in words["zh"].text
    assert "Monday 2 March, 12:00" in words["en"].text


def test_a_mail_begins_with_the_neutral_line():
    for _, words in everything_said():
        assert words.body.startswith(words.preview)


def test_an_unknown_language_reads_chinese():
    assert render("offer-expired", {}, "fr", catalogue=catalogue()).title == "服务安排已过期"


def test_a_sender_or_address_that_reveals_is_refused():
    with pytest.raises(IndiscreetWords):
        require_discreet("the sender", "心理服务中心 <a@b.cn>")
    with pytest.raises(IndiscreetWords):
        require_discreet("the address", "https://mental-care.city.cn")
