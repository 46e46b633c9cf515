"""The ledger and its counters on a real database."""

import random
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from services.contracts.accounts import ErasureRequestedV1
from services.contracts.assessment import Risk
from services.contracts.envelope import Envelope
from services.reporting.ledger.rebuild import rebuild
from tests.component.reporting import events
from tests.component.reporting.conftest import people
from tests.support.apps import App, Client, eventually
from tests.support.rows import count, rows


def a_busy_month() -> list[Envelope]:
    found = []
    for index, person in enumerate(people(40)):
        unit = f"wh/hc/e{index % 3}"
        band = ("minimal", "mild", "moderate")[index % 3]
        found.append(events.response(person=person, band=band, unit=unit))
        if index % 2:
            found.append(events.offer_made(person=person, unit=unit))
        if index % 5 == 0:
            case = UUID(int=index + 1)
            found.append(events.case_opened(case, unit=unit))
            found.append(events.case_acknowledged(case, 60 * index + 30, unit=unit))
            found.append(events.case_contacted(case, 6000 - index, unit=unit))
            found.append(events.case_contacted(case, 3000 + index, unit=unit))
    return found


def figures(app: App) -> tuple[object, ...]:
    counters = "SELECT * FROM counters ORDER BY month, depth, unit, own, code"
    histograms = "SELECT * FROM case_figures WHERE cases <> 0 ORDER BY root, month, code, tenths"
    return (rows(app, "reporting", counters), rows(app, "reporting", histograms))


def forget_figures(app: App) -> None:
    with app.runtime("reporting").database.engine.begin() as connection:
        connection.exec_driver_sql(
            "TRUNCATE counters, case_clocks, case_figures, ledger, counted_months, inbox"
        )


def test_events_in_any_order_and_twice_give_the_same_figures(app: App) -> None:
    runtime = app.runtime("reporting")
    month = a_busy_month()
    events.count(runtime, month)
    expected = figures(app)

    for seed in range(5):
        forget_figures(app)
        shuffled = month + random.Random(seed).choices(month, k=30)
        random.Random(seed).shuffle(shuffled)
        for start in range(0, len(shuffled), 7):
            events.count(runtime, shuffled[start : start + 7])

        assert figures(app) == expected


def test_a_rebuild_gives_the_figures_the_reader_gave(app: App) -> None:
    runtime = app.runtime("reporting")
    events.count(runtime, a_busy_month())
    expected = figures(app)
    seen: list[tuple[int, int]] = []

    with runtime.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE counters SET value = value + 1")
    rebuilt = rebuild(runtime.database.engine, lambda done, total: seen.append((done, total)))

    assert rebuilt == count(app, "reporting", "ledger")
    assert seen[-1] == (rebuilt, rebuilt)
    assert figures(app) == expected


def test_events_arrive_over_the_broker_in_batches(app: App) -> None:
    month = a_busy_month()

    events.send("memory://", [*month, *month[:20]])

    eventually(lambda: count(app, "reporting", "ledger") == len(month))
    total = "SELECT value FROM counters WHERE unit = 'wh' AND code = 'responses-completed'"
    assert rows(app, "reporting", total)[0][0] == 40


def test_a_month_is_the_citys_month(app: App) -> None:
    last_of_march = datetime(2026, 3, 31, 15, 59, tzinfo=UTC)
    first_of_april = datetime(2026, 3, 31, 16, 0, tzinfo=UTC)

    events.count(
        app.runtime("reporting"),
        [events.response(at=last_of_march), events.response(at=first_of_april)],
    )

    found = "SELECT month, value FROM counters WHERE unit = 'wh' AND code = 'responses-completed'"
    months = [(str(row.month), row.value) for row in rows(app, "reporting", found)]
    assert sorted(months) == [("2026-03-01", 1), ("2026-04-01", 1)]


def test_an_event_without_a_unit_is_counted_for_the_city(app: App) -> None:
    events.count(app.runtime("reporting"), [events.case_opened(uuid4(), unit="")])

    assert count(app, "reporting", "case_figures", "root = 'wh' AND cases = 1") == 1


def test_drills_and_care_cases_are_not_crisis_cases(app: App) -> None:
    drill, care = uuid4(), uuid4()

    events.count(
        app.runtime("reporting"),
        [
            events.case_acknowledged(drill, 60),
            events.case_opened(drill, drill=True),
            events.case_opened(care, crisis=False),
            events.case_acknowledged(care, 60),
        ],
    )

    assert count(app, "reporting", "case_figures", "cases > 0") == 0


def test_the_ledger_only_grows(app: App) -> None:
    runtime = app.runtime("reporting")
    events.count(runtime, [events.response()])

    for change in ("DELETE FROM ledger", "UPDATE ledger SET unit = 'wh/kf'"):
        with pytest.raises(DBAPIError, match="only grows"), runtime.database.engine.begin() as db:
            db.exec_driver_sql(change)


def test_an_erased_person_leaves_the_ledger_and_the_figures_stay(app: App) -> None:
    person = uuid4()
    runtime = app.runtime("reporting")
    events.count(runtime, [events.response(person=person), events.offer_made(person=person)])
    before = figures(app)

    events.count(runtime, [events.envelope(ErasureRequestedV1(person=person))])

    everything = rows(app, "reporting", "SELECT to_jsonb(ledger)::text AS line FROM ledger")
    assert not any(str(person) in row.line for row in everything)
    assert figures(app) == before


def test_the_ledger_keeps_no_answers_and_few_words(app: App) -> None:
    events.count(app.runtime("reporting"), [events.response(band="severe", risk=Risk.CRISIS)])

    facts = rows(app, "reporting", "SELECT facts FROM ledger")[0].facts
    assert facts == {"instrument": "phq9", "band": "severe", "risk": "crisis"}


def test_operations_rebuild_by_request_and_watch_it(app: App) -> None:
    events.count(app.runtime("reporting"), a_busy_month())
    expected = figures(app)
    ops = app.person("ops", unit="wh")

    asked = ops.post("/api/reporting/v1/rebuilds")

    assert asked.status_code == 202
    path = f"/api/reporting/v1/rebuilds/{asked.json()['id']}"
    done = eventually(lambda: (found := ops.get(path).json())["finished_at"] and found)
    assert done["done"] == done["total"] > 0
    assert figures(app) == expected


def test_only_operations_may_rebuild(city_admin: Client) -> None:
    assert city_admin.post("/api/reporting/v1/rebuilds").status_code == 403
