"""Answering a scale at once, over HTTP and into PostgreSQL."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from services.assessment.responses.schemas import AnswerSchema
from tests.component.assessment.people import API, CONSENT, Sent, a_sheet, answer, has_support
from tests.support.apps import App, Client

RESPONSES = f"{API}/responses"


def test_a_moderate_sheet_is_scored_kept_and_told(worker: Client, sent: Sent) -> None:
    response = worker.post(RESPONSES, a_sheet(), headers={"Accept-Language": "en"})

    document = response.json()
    assert response.status_code == 201
    assert set(document) == {"id", "instrument", "version", "scores", "band", "risk", "support"}
    assert AnswerSchema().validate(document) == {}
    assert document["scores"] == {"total": 10}
    assert isinstance(document["scores"]["total"], int)
    assert (document["band"], document["risk"]) == ("moderate", "concern")
    assert document["support"]["title"] == "Help is always there"
    [told] = sent.of(worker.person, "response-completed")
    assert told == {
        "response": document["id"],
        "person": str(worker.person),
        "instrument": "phq9",
        "version": "1.0.0",
        "band": "moderate",
        "risk": "concern",
        "care_level": 2,
        "policy": "union-stepped-care@1.1.0",
        "case": None,
        "campaign": None,
    }
    assert [row.unit for row in sent.rows("response-completed") if row.data == told] == [
        "wh/hc/e0001"
    ]
    assert sent.of(worker.person, "risk-flagged") == []


def test_what_was_answered_cannot_be_read_in_the_database(app: App, worker: Client) -> None:
    done = answer(worker)

    with app.runtime("assessment").database.reading() as connection:
        row = connection.execute(
            text("SELECT * FROM responses WHERE id = :id"), {"id": done["id"]}
        ).one()
    assert b"moderate" not in bytes(row.sealed) and b"q1" not in bytes(row.sealed)
    assert row.pins["policy"] == "union-stepped-care@1.1.0"
    assert set(row.pins) == {
        "instrument",
        "version",
        "text",
        "scoring",
        "bands",
        "engine",
        "policy",
    }


def test_a_critical_answer_opens_a_case_which_pages(worker: Client, sent: Sent) -> None:
    done = answer(worker, q9=1)

    assert done["risk"] == "crisis"
    [flag] = sent.of(worker.person, "risk-flagged")
    [told] = sent.of(worker.person, "response-completed")
    assert flag["case"] == done["case"] == told["case"]
    assert (flag["source"], flag["rule"]) == ("response", "suicidal-ideation")
    assert (told["risk"], told["care_level"]) == ("crisis", 4)
    urgent = [row.urgent for row in sent.rows("risk-flagged") if row.data == flag]
    assert urgent == [True]


def test_events_carry_no_answers_and_no_scores(worker: Client, sent: Sent) -> None:
    answer(worker, q9=2)

    for kind in ("response-completed", "risk-flagged", "consent-granted"):
        [data] = sent.of(worker.person, kind)
        assert not {"answers", "scores", "total", "q9"} & set(data)


def test_a_person_has_one_open_case_however_many_signals(worker: Client, sent: Sent) -> None:
    first = answer(worker, q9=1)
    second = answer(worker, q9=3)

    assert first["case"] == second["case"]
    assert sent.count("crisis_cases", worker.person) == 1


@pytest.mark.parametrize("value", [1, 2, 3])
@pytest.mark.parametrize(
    "spoil",
    [
        lambda sheet: sheet["answers"].pop("q1"),
        lambda sheet: sheet["answers"].update(q1=7),
        lambda sheet: sheet["answers"].update(q77=1),
        lambda sheet: sheet.update(surprise=True),
        lambda sheet: sheet.pop("consent"),
        lambda sheet: sheet.update(consent={"version": "1999-1", "granted": True}),
        lambda sheet: sheet.update(consent={"version": "2025-1", "granted": False}),
        lambda sheet: sheet.update(consent="yes"),
        lambda sheet: sheet.update(campaign="x"),
        lambda sheet: sheet.update(elapsed_seconds="soon"),
    ],
)
def test_a_critical_answer_in_a_refused_body_opens_the_case_and_keeps_no_answers(
    app: App, sent: Sent, spoil: Any, value: int
) -> None:
    worker = app.person("worker")
    sheet = a_sheet(q9=value)
    spoil(sheet)

    response = worker.post(RESPONSES, sheet)

    problem = response.json()
    assert response.status_code in {403, 422}
    assert has_support(problem)
    [flag] = sent.of(worker.person, "risk-flagged")
    assert problem["case"] == flag["case"]
    assert sent.count("responses", worker.person) == 0
    assert sent.of(worker.person, "response-completed") == []


@pytest.mark.parametrize("value", [0, None, 4, -1, True, "1", 1.0, [1]])
def test_an_answer_that_is_no_critical_one_opens_no_case(
    worker: Client, sent: Sent, value: Any
) -> None:
    sheet = a_sheet(q9=value)
    sheet["surprise"] = True

    response = worker.post(RESPONSES, sheet)

    assert response.status_code == 422
    assert "case" not in response.json()
    assert sent.of(worker.person, "risk-flagged") == []


def test_every_repeat_of_a_refused_body_is_told_under_one_case(worker: Client, sent: Sent) -> None:
    sheet = a_sheet(q9=2, q1=7)

    cases = {worker.post(RESPONSES, sheet).json()["case"] for _ in range(3)}

    assert len(cases) == 1
    told = sent.of(worker.person, "risk-flagged")
    assert [flag["case"] for flag in told] == list(cases) * 3


def test_a_refused_body_with_a_key_answers_the_same_again(worker: Client, sent: Sent) -> None:
    sheet = a_sheet(q9=2, q1=7)
    headers = {"Idempotency-Key": str(uuid4())}

    first = worker.post(RESPONSES, sheet, headers=headers)
    second = worker.post(RESPONSES, sheet, headers=headers)

    assert first.status_code == second.status_code == 422
    assert first.json() == second.json()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(sent.of(worker.person, "risk-flagged")) == 1


@pytest.mark.parametrize("changed", [{}, {"q9": 3}])
def test_the_same_key_twice_keeps_one_response(
    worker: Client, sent: Sent, changed: dict[str, int]
) -> None:
    headers = {"Idempotency-Key": str(uuid4())}

    first = worker.post(RESPONSES, a_sheet(**changed), headers=headers)
    second = worker.post(RESPONSES, a_sheet(**changed), headers=headers)
    other = worker.post(RESPONSES, a_sheet(q1=0), headers=headers)

    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert other.status_code == 409
    assert has_support(other.json())
    assert sent.count("responses", worker.person) == 1
    assert len(sent.of(worker.person, "response-completed")) == 1


def test_every_missing_unknown_and_impossible_answer_is_named(worker: Client) -> None:
    sheet = a_sheet(q1=7, q2="2", q3=True, q77=1, qx=None)
    del sheet["answers"]["q4"], sheet["answers"]["q9"]

    response = worker.post(RESPONSES, sheet)

    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"
    assert {error["field"]: error["code"] for error in response.json()["errors"]} == {
        "answers.q1": "out-of-range",
        "answers.q2": "not-a-code",
        "answers.q3": "not-a-code",
        "answers.q77": "unknown-item",
        "answers.qx": "unknown-item",
        "answers.q4": "missing",
        "answers.q9": "missing",
    }


@pytest.mark.parametrize("instrument", ["mmpi", "", "../phq9"])
def test_an_unknown_instrument_is_named(worker: Client, instrument: str) -> None:
    response = worker.post(RESPONSES, {**a_sheet(), "instrument": instrument})

    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["instrument"]


def test_a_skipped_item_is_prorated_and_a_skipped_critical_one_is_unknown(worker: Client) -> None:
    prorated = answer(worker, q8=None)
    unknown = answer(worker, q9=None)

    assert prorated["scores"] == {"total": 10}  # 9 x 9 / 8 = 10.125
    assert unknown["scores"] == {}
    assert (unknown["band"], unknown["risk"]) == (None, "unknown")
    assert "case" not in unknown


def test_consent_is_required_in_the_present_wording(worker: Client) -> None:
    sheet = a_sheet()
    refused = [
        worker.post(RESPONSES, {key: sheet[key] for key in sheet if key != "consent"}),
        worker.post(RESPONSES, {**sheet, "consent": {**CONSENT, "granted": False}}),
        worker.post(RESPONSES, {**sheet, "consent": {**CONSENT, "version": "0"}}),
    ]

    assert [each.status_code for each in refused] == [403, 403, 403]
    assert {each.json()["code"] for each in refused} == {"consent-required"}
    assert all(has_support(each.json()) for each in refused)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"", 400),
        (b"[]", 422),
        (b'"phq9"', 422),
        (b'{"instrument": ["phq9"], "answers": {}}', 422),
        (b'{"instrument": "phq9", "answers": [1, 2]}', 422),
        (b'{"instrument": "phq9", "answers": null}', 422),
        (b"\xff\xfe", 400),
        (b" " * 2_000_000, 413),
    ],
)
def test_what_cannot_be_read_is_refused_with_help(worker: Client, body: bytes, status: int) -> None:
    response = worker.call("POST", RESPONSES, data=body)

    assert response.status_code == status
    assert has_support(response.json())


def test_nobody_and_the_wrong_role_are_refused_with_help(app: App) -> None:
    nobody = app.anybody().post(RESPONSES, a_sheet(q9=2))
    forged = Client(app, "x.y.z").post(RESPONSES, a_sheet())
    admin = app.person("unit-admin").post(RESPONSES, a_sheet())

    assert [each.status_code for each in (nobody, forged, admin)] == [401, 401, 403]
    assert all(has_support(each.json()) for each in (nobody, forged, admin))


def test_a_campaign_and_the_loop_travel_with_the_event(worker: Client, sent: Sent) -> None:
    campaign = str(uuid4())
    headers = {"Correlation-Id": f"loop-{uuid4()}"}

    response = worker.post(
        RESPONSES, {**a_sheet(), "campaign": campaign, "elapsed_seconds": 40}, headers=headers
    )

    assert response.headers["Correlation-Id"] == headers["Correlation-Id"]
    [row] = [
        row for row in sent.rows("response-completed") if row.data["person"] == str(worker.person)
    ]
    assert row.data["campaign"] == campaign
    assert row.correlation_id == headers["Correlation-Id"]
    assert UUID(response.json()["id"])
