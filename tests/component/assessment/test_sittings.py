"""Answering page by page: every save is looked at."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.assessment.sittings.usecases.read_sitting import forget_old_sittings
from services.assessment.wiring import AssessmentUnitOfWork
from tests.component.assessment.people import API, CONSENT, MODERATE, Sent, answer, has_support
from tests.component.assessment.test_cases import tell_closed
from tests.support.apps import App, Client

SITTINGS = f"{API}/sittings"


def begin(client: Client, instrument: str = "phq9") -> str:
    """Begin a sitting; returns its path."""
    response = client.post(SITTINGS, {"instrument": instrument, "consent": CONSENT})
    assert response.status_code == 201, response.text
    return f"{SITTINGS}/{response.json()['id']}"


def save(client: Client, sitting: str, **answers: Any) -> Any:
    return client.patch(sitting, {"answers": answers})


def test_a_sheet_answered_page_by_page_comes_to_the_same(worker: Client, sent: Sent) -> None:
    sitting = begin(worker)
    for link, code in MODERATE.items():
        assert save(worker, sitting, **{link: code}).status_code == 200

    submitted = worker.post(f"{sitting}/submit", {"elapsed_seconds": 50})

    done, at_once = submitted.json(), answer(worker)
    assert submitted.status_code == 201
    assert {key: done[key] for key in ("scores", "band", "risk", "version")} == {
        key: at_once[key] for key in ("scores", "band", "risk", "version")
    }
    assert has_support(done)
    assert worker.get(f"{API}/responses/{done['id']}").status_code == 200
    assert len(sent.of(worker.person, "response-completed")) == 2


def test_a_sitting_can_be_left_and_come_back_to(worker: Client) -> None:
    sitting = begin(worker)
    save(worker, sitting, q1=2, q2=None)
    save(worker, sitting, q1=1)

    found = worker.get(sitting).json()

    assert found["answers"] == {"q1": 1, "q2": None}
    assert found["remaining"] == [f"q{n}" for n in range(3, 10)]
    assert (found["state"], found["risk"]) == ("open", "unknown")


def test_an_abandoned_sitting_has_opened_its_case(worker: Client, sent: Sent) -> None:
    sitting = begin(worker)

    saved = save(worker, sitting, q9=1).json()

    [flag] = sent.of(worker.person, "risk-flagged")
    assert (flag["source"], flag["case"]) == ("sitting", saved["case"])
    assert saved["risk"] == "crisis"
    assert has_support(saved)
    assert sent.of(worker.person, "response-completed") == []


def test_a_flag_is_raised_once_in_a_sitting_and_stays(app: App, worker: Client, sent: Sent) -> None:
    sitting = begin(worker)
    for code in (1, 1, 0):
        last = save(worker, sitting, q9=code).json()
        with app.runtime("assessment").database.engine.begin() as connection:
            connection.execute(
                text("UPDATE crisis_cases SET signalled_at = now() - interval '1 hour'")
            )
    save(worker, sitting, **MODERATE)

    done = worker.post(f"{sitting}/submit").json()

    assert last["risk"] == "crisis"
    assert len(sent.of(worker.person, "risk-flagged")) == 1
    assert done["case"] == last["case"]
    assert done["risk"] == "concern"  # the answer that was handed in


def test_a_worse_answer_raises_the_flag_again_under_the_same_case(
    worker: Client, sent: Sent
) -> None:
    sitting = begin(worker)
    first = save(worker, sitting, q9=1).json()

    save(worker, sitting, q9=0)
    last = save(worker, sitting, q9=3).json()

    told = sent.of(worker.person, "risk-flagged")
    assert [flag["case"] for flag in told] == [first["case"], first["case"]]
    assert last["case"] == first["case"]


def test_after_the_case_was_closed_the_same_answer_opens_a_new_one(
    app: App, worker: Client, sent: Sent
) -> None:
    sitting = begin(worker)
    first = save(worker, sitting, q9=1).json()["case"]
    tell_closed(app, first, datetime.now(UTC), worker.person)

    second = save(worker, sitting, q9=1).json()["case"]

    assert first != second
    assert [flag["case"] for flag in sent.of(worker.person, "risk-flagged")] == [first, second]


@pytest.mark.parametrize("named", [{}, {"instrument": "phq9"}])
def test_a_save_to_a_sitting_that_is_gone_is_heard(
    worker: Client, sent: Sent, named: dict[str, str]
) -> None:
    sitting = begin(worker)
    worker.delete(f"{API}/consents/screening")

    harmless = save(worker, sitting, q9=0)
    refused = worker.patch(sitting, {"answers": {"q9": 2}, **named})

    [flag] = sent.of(worker.person, "risk-flagged")
    assert (harmless.status_code, refused.status_code) == (404, 404)
    assert "case" not in harmless.json()
    assert refused.json()["case"] == flag["case"]
    assert has_support(refused.json())


@pytest.mark.parametrize(
    "body",
    [
        {"answers": {"q9": 2, "q1": 7}},
        {"answers": {"q9": 2, "q77": 1}},
        {"answers": {"q9": 2}, "surprise": 1},
    ],
)
def test_a_refused_save_opens_the_case_and_keeps_no_answers(
    worker: Client, sent: Sent, body: dict[str, Any]
) -> None:
    sitting = begin(worker)

    refused = worker.patch(sitting, body)

    [flag] = sent.of(worker.person, "risk-flagged")
    assert refused.status_code == 422
    assert has_support(refused.json())
    assert refused.json()["case"] == flag["case"]
    assert worker.get(sitting).json()["answers"] == {}


def test_answers_sent_where_none_belong_are_heard_too(worker: Client, sent: Sent) -> None:
    at_start = {"instrument": "phq9", "consent": CONSENT, "answers": {"q9": 1}}

    refused = worker.post(SITTINGS, at_start)

    [flag] = sent.of(worker.person, "risk-flagged")
    assert refused.status_code == 422
    assert refused.json()["case"] == flag["case"]

    sitting = begin(worker)
    refused = worker.post(f"{sitting}/submit", {"answers": {"q9": 1}})
    assert refused.status_code == 422
    assert refused.json()["case"] == flag["case"]


def test_handing_in_names_what_is_missing_and_leaves_it_open(worker: Client) -> None:
    sitting = begin(worker, "gad7")
    save(worker, sitting, q1=1, q2=None)

    refused = worker.post(f"{sitting}/submit")

    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == [
        f"answers.q{n}" for n in range(3, 8)
    ]
    assert worker.get(sitting).json()["state"] == "open"


def test_what_was_handed_in_does_not_change_but_is_still_heard(worker: Client, sent: Sent) -> None:
    sitting = begin(worker)
    save(worker, sitting, **MODERATE)
    done = worker.post(f"{sitting}/submit").json()

    again = worker.post(f"{sitting}/submit")
    late = save(worker, sitting, q9=1)

    assert (again.status_code, again.json()["code"]) == (409, "sitting-submitted")
    assert (late.status_code, late.json()["code"]) == (409, "sitting-submitted")
    [flag] = sent.of(worker.person, "risk-flagged")
    assert late.json()["case"] == flag["case"]
    assert worker.get(sitting).json()["response"] == done["id"]
    assert worker.get(sitting).json()["answers"] == {}
    assert sent.count("responses", worker.person) == 1


def test_handing_in_twice_with_a_key_is_one_response(worker: Client, sent: Sent) -> None:
    sitting = begin(worker)
    save(worker, sitting, **MODERATE)
    headers = {"Idempotency-Key": str(uuid4())}

    first = worker.post(f"{sitting}/submit", headers=headers)
    second = worker.post(f"{sitting}/submit", headers=headers)

    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert sent.count("responses", worker.person) == 1


def test_nobody_elses_sitting_can_be_read_or_changed(app: App, worker: Client) -> None:
    sitting = begin(worker)
    stranger = app.person("worker")

    refused = [
        stranger.get(sitting),
        save(stranger, sitting, q1=1),
        stranger.post(f"{sitting}/submit"),
        worker.get(f"{SITTINGS}/{uuid4()}"),
    ]

    assert [each.status_code for each in refused] == [404, 404, 404, 404]
    assert all(has_support(each.json()) for each in refused)
    assert worker.get(sitting).json()["answers"] == {}


def test_a_sitting_needs_consent_and_an_instrument(worker: Client) -> None:
    without = worker.post(SITTINGS, {"instrument": "phq9"})
    unknown = worker.post(SITTINGS, {"instrument": "mmpi", "consent": CONSENT})

    assert (without.status_code, without.json()["code"]) == (403, "consent-required")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown-instrument")


def test_withdrawing_consent_discards_open_sittings(worker: Client) -> None:
    sitting = begin(worker)
    save(worker, sitting, q1=1)

    assert worker.delete(f"{API}/consents/screening").status_code == 204

    assert worker.get(sitting).status_code == 404


def test_a_sitting_of_an_older_version_is_begun_again(app: App, worker: Client) -> None:
    sitting = begin(worker)
    with app.runtime("assessment").database.engine.begin() as connection:
        connection.execute(
            text("UPDATE sittings SET version = '0.9.0' WHERE id = :id"),
            {"id": sitting.rsplit("/", 1)[1]},
        )

    refused = save(worker, sitting, q1=1)

    assert (refused.status_code, refused.json()["code"]) == (409, "instrument-changed")


def test_sittings_nobody_returned_to_are_forgotten(app: App, worker: Client) -> None:
    old, fresh = begin(worker), begin(worker)
    runtime = app.runtime("assessment")
    with runtime.database.engine.begin() as connection:
        connection.execute(
            text("UPDATE sittings SET saved_at = now() - interval '8 days' WHERE id = :id"),
            {"id": old.rsplit("/", 1)[1]},
        )

    forget_old_sittings(timedelta(days=7), uow=runtime.unit_of_work(AssessmentUnitOfWork))

    assert worker.get(old).status_code == 404
    assert worker.get(fresh).status_code == 200
