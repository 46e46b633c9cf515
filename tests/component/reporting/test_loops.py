"""One loop, step by step."""

from datetime import timedelta
from uuid import uuid4

from tests.component.reporting import events
from tests.support.apps import App, Client


def test_a_loop_shows_every_step_without_content(app: App, lead: Client) -> None:
    person, loop = uuid4(), str(uuid4())
    steps = [
        events.offer_made(person=person, loop=loop, at=events.MARCH + timedelta(seconds=1)),
        events.response(person=person, loop=loop, band="severe"),
    ]
    events.count(app.runtime("reporting"), [*steps, events.response()])

    answer = lead.get(f"/api/reporting/v1/loops/{loop}")

    document = answer.json()
    assert [step["type"] for step in document["items"]] == [
        "assessment.response-completed.v1",
        "booking.offer-made.v1",
        "reporting.counted",
    ]
    assert document["services"] == ["assessment", "booking", "reporting"]
    assert document["items"][0]["at"] == "2026-03-10T04:00:00Z"
    for secret in (str(person), "severe", "wh/hc", "phq9"):
        assert secret not in answer.text


def test_loops_are_for_operations_and_the_clinical_lead(app: App) -> None:
    loop = str(uuid4())
    events.count(app.runtime("reporting"), [events.response(loop=loop)])
    path = f"/api/reporting/v1/loops/{loop}"

    assert app.person("ops", unit="wh").get(path).status_code == 200
    for role in ("worker", "counsellor", "duty", "unit-admin", "district-admin", "city-admin"):
        assert app.person(role, unit="wh").get(path).status_code == 403
    assert app.anybody().get(path).status_code == 401


def test_an_unknown_loop_is_not_found(lead: Client) -> None:
    assert lead.get(f"/api/reporting/v1/loops/{uuid4()}").status_code == 404
