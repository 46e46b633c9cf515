"""What anybody can read before answering."""

import jsonschema
import pytest

from services.assessment.instruments.schemas import InstrumentSchema
from tests.component.assessment.people import API, CONSENT, has_support
from tests.support.apps import App

INSTRUMENTS = f"{API}/instruments"
ENGLISH = {"Accept-Language": "en"}


def test_the_list_names_the_scales_with_words_in_the_language(app: App) -> None:
    in_chinese = app.anybody().get(INSTRUMENTS).json()
    in_english = app.anybody().get(INSTRUMENTS, headers={"Accept-Language": "en"}).json()

    assert in_chinese["next"] is None
    assert [(item["id"], item["item_count"]) for item in in_chinese["items"]] == [
        ("gad2", 2),
        ("gad7", 7),
        ("phq2", 2),
        ("phq4", 4),
        ("phq9", 9),
    ]
    assert len(in_english["items"]) == 14
    assert {"pcl5", "asq", "k10", "phq9"} < {item["id"] for item in in_english["items"]}


def test_a_clinical_lead_sees_all_of_them_and_what_each_lacks(app: App) -> None:
    asked = {"all": "true"}

    everything = app.person("clinical-lead").get(INSTRUMENTS, params=asked).json()["items"]

    states = {item["id"]: item["state"] for item in everything}
    assert len(states) == 32
    assert (states["phq9"], states["who5"], states["sds"]) == (
        "offered",
        "pack-off",
        "wording-missing",
    )
    assert app.anybody().get(INSTRUMENTS, params=asked).status_code == 401
    for role in ("worker", "counsellor", "city-admin", "ops"):
        assert app.person(role).get(INSTRUMENTS, params=asked).status_code == 403


def test_a_scale_without_words_cannot_be_asked(app: App) -> None:
    worker = app.person("worker")

    assert app.anybody().get(f"{INSTRUMENTS}/sds").status_code == 404
    answer = worker.post("/api/assessment/v1/responses", {"instrument": "sds", "answers": {}})
    assert answer.status_code in {404, 422}


def test_a_scale_comes_with_questions_answers_bands_and_consent(app: App) -> None:
    scale = app.anybody().get(f"{INSTRUMENTS}/phq9").json()

    assert InstrumentSchema().validate(scale) == {}
    assert scale["recall_period"]["days"] == 14
    assert scale["licence"]["ship"] == "text"
    assert [item["link_id"] for item in scale["items"]] == [f"q{n}" for n in range(1, 10)]
    assert [item["link_id"] for item in scale["items"] if item["critical"]] == ["q9"]
    assert scale["items"][0]["text"] == "做事时提不起劲或没有兴趣"
    assert [(o["score"], o["text"]) for o in scale["items"][0]["options"]] == [
        (0, "完全不会"),
        (1, "好几天"),
        (2, "一半以上的天数"),
        (3, "几乎每天"),
    ]
    assert [(band["min"], band["max"]) for band in scale["bands"]] == [
        (0, 4),
        (5, 9),
        (10, 14),
        (15, 19),
        (20, 27),
    ]
    assert [score["id"] for score in scale["scores"]] == ["total"]
    assert scale["consent"]["version"] == CONSENT["version"]
    assert "自愿" in scale["consent"]["text"]


def test_english_where_the_browser_prefers_it(app: App) -> None:
    scale = app.anybody().get(f"{INSTRUMENTS}/phq9", headers=ENGLISH).json()

    assert scale["items"][0]["text"] == "Little interest or pleasure in doing things"
    assert scale["consent"]["text"].startswith("I take part")


def test_wording_that_is_not_certain_is_not_shown(app: App) -> None:
    zh = app.anybody().get(f"{INSTRUMENTS}/phq9").json()
    en = app.anybody().get(f"{INSTRUMENTS}/phq9", headers=ENGLISH).json()

    assert zh["optional_items"] == []
    assert [item["link_id"] for item in en["optional_items"]] == ["difficulty"]


def test_a_scale_that_is_not_there_is_a_404_with_help(app: App) -> None:
    response = app.anybody().get(f"{INSTRUMENTS}/mmpi")

    assert response.status_code == 404
    assert has_support(response.json())


def test_the_schema_of_the_files_is_published(app: App) -> None:
    schema = app.anybody().get(f"{API}/instrument-schema.json").json()

    jsonschema.Draft202012Validator.check_schema(schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"id": "x"}, schema)


def test_the_help_card_may_be_kept_offline(app: App) -> None:
    zh = app.anybody().get(f"{API}/support")
    en = app.anybody().get(f"{API}/support", headers=ENGLISH)

    assert [line["number"] for line in zh.json()["lines"]] == ["12356", "12351", "120", "110"]
    assert zh.json()["call_me"]["href"] == f"{API}/help-requests"
    assert zh.headers["Cache-Control"].startswith("public")
    assert en.json()["call_me"]["title"] == "Please call me"
