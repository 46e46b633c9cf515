"""Nothing personal in what operators, brokers, mail servers and callers of errors get to see."""

import json

import pytest

from services.notification.wording.linter import revealing_words
from tests.security.secrecy.loop import Loop
from tests.security.secrecy.seeds import PHONES, SEEDS, found_in
from tests.security.secrecy.traces import Tap, logs, metrics, processes
from tests.support.apps import eventually
from tests.support.collector import Collector

PHONE_SHAPES = {each: each for each in PHONES}
PERSONAL = {**SEEDS.values(), **PHONE_SHAPES}
BANDS = {each: f'"{each}"' for each in ("moderate", "moderately-severe", "severe", "minimal")}
ANSWERS = {each: f'"{each}"' for each in ("q1", "q9")}


def test_logs_hold_ids_and_codes_only(loop: Loop) -> None:
    content = logs(loop.city)

    assert b"request-failed" in content or b"worker-failed" in content, "no failure was logged"
    assert b"refused" in content
    assert found_in(content, {**PERSONAL, **ANSWERS, **BANDS}) == []
    assert b"Traceback (most recent call last)" not in content


def test_metrics_name_no_person_and_no_band(loop: Loop) -> None:
    content = metrics(loop.city)

    assert b"huixin_http_requests_total" in content
    assert found_in(content, {**PERSONAL, **ANSWERS, **BANDS, "person": loop.person}) == []


def test_spans_hold_ids_and_codes_only(loop: Loop, collector: Collector) -> None:
    eventually(lambda: len({each.service for each in collector.spans}) == 6, what="all services")
    eventually(lambda: any(each.failed for each in collector.spans), what="a failure")
    content = collector.bytes

    assert b"/api/booking/v1/cases/<uuid:case" in content
    ids = {"person": loop.person, "case": str(loop.case)}
    words = {each: each for each in (*BANDS, "answers", "UPDATE ")}
    assert found_in(content, {**PERSONAL, **words, **ids}) == []


def test_messages_carry_pseudonyms_without_answers_or_words(loop: Loop, tap: Tap) -> None:
    content = tap.messages()

    assert loop.person.encode() in content, "the tap heard nothing of the walk"
    assert (
        found_in(content, {**PERSONAL, **ANSWERS, "scores": '"scores"', "total": '"total"'}) == []
    )


def test_queues_and_exchanges_are_named_after_services_and_events(loop: Loop) -> None:
    names = "\n".join(loop.city.broker.admin.depths()).encode()

    assert b"booking.risk-flagged" in names
    assert found_in(names, {**PERSONAL, "person": loop.person}) == []


def test_mails_go_to_the_person_and_say_nothing_about_them(loop: Loop) -> None:
    mails = loop.city.mailbox.mails(to=SEEDS.email)
    about_whom = {name: value for name, value in PERSONAL.items() if name != "email"}

    assert len(mails) >= 2
    for mail in mails:
        subject = str(mail.message["Subject"])
        content = f"{subject}\n{mail.text}".encode()
        assert found_in(content, {**about_whom, "person": loop.person}) == []
        assert revealing_words(f"{subject} {mail.text}") == ()


def test_pages_to_officers_do_not_say_who_it_is(loop: Loop) -> None:
    others = [m for m in loop.city.mailbox.mails() if SEEDS.email not in str(m.message["To"])]
    content = "\n".join(f"{m.message['Subject']}\n{m.text}" for m in others).encode()

    assert others
    assert found_in(content, {**PERSONAL, "person": loop.person}) == []


def test_refusals_and_failures_do_not_repeat_what_was_sent(loop: Loop) -> None:
    content = b"\n".join(loop.refusals)

    assert len(loop.refusals) > 10
    assert found_in(content, PERSONAL) == []


def test_processes_carry_nothing_personal_in_arguments_or_environment(loop: Loop) -> None:
    assert found_in(processes(loop.city), PERSONAL) == []


@pytest.mark.parametrize("shape", ["text", "hex", "base64", "json", "gbk"])
def test_the_search_itself_finds_a_planted_value(shape: str) -> None:
    import base64

    planted = {
        "text": SEEDS.name.encode(),
        "hex": SEEDS.name.encode().hex().encode(),
        "base64": base64.b64encode(b"{x" + SEEDS.words.encode() + b"}"),
        "json": json.dumps(SEEDS.name).encode(),
        "gbk": SEEDS.name.encode("gbk"),
    }

    assert found_in(b"before " + planted[shape] + b" after", SEEDS.values()) != []
