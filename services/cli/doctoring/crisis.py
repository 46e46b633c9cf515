"""Does help reach people: clocks of cases, the roster, pages, policies. Counts only."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from services.assessment.care.reading import DEFAULT as DEFAULT_CARE_POLICY
from services.assessment.care.reading import read_policy
from services.assessment.instruments.catalogue import DATA, read_catalogue
from services.booking.cases.policy import CrisisPolicy, PolicyNotUsable, load_crisis_policy
from services.booking.observing import late_seconds, overdue
from services.booking.rosters.queries import coverage, on_duty
from services.cli.doctoring.databases import opened
from services.cli.doctoring.finding import Finding, critical, ok, warning
from services.cli.doctoring.system import System

AHEAD = timedelta(hours=72)
PAGE_SECONDS = 60

_PAGES = text(
    "SELECT extract(epoch FROM now() - min(messages.created_at)) FROM deliveries"
    " JOIN messages ON messages.id = deliveries.message"
    " WHERE deliveries.state = 'queued' AND messages.urgent"
)


def look_at_crisis(system: System) -> Iterator[Finding]:
    """Policies first: without them there are no limits to compare with."""
    yield from _care_policy(system)
    try:
        policy = load_crisis_policy(
            _path(system, "BOOKING_CRISIS_POLICY"), embedded=system.embedded
        )
    except PolicyNotUsable as error:
        yield _unsigned("crisis policy", error)
        return
    yield ok("crisis policy", f"version {policy.version}{'' if policy.signed_by else ', unsigned'}")
    yield from _asked(system, "BOOKING_DATABASE_URL", lambda found: _cases(found, policy))
    yield from _asked(system, "NOTIFICATION_DATABASE_URL", _pages)


def _care_policy(system: System) -> Iterator[Finding]:
    try:
        source = _path(system, "ASSESSMENT_CARE_POLICY") or DEFAULT_CARE_POLICY
        policy = read_policy(source, read_catalogue(DATA), signed=not system.embedded)
        yield ok("care policy", f"{policy.pin} can be used")
    except (ValueError, OSError) as error:
        yield _unsigned("care policy", error)


def _unsigned(where: str, error: Exception) -> Finding:
    do = 'let the clinical lead read and sign it: ./huixin up --signed-by "NAME"'
    return critical(where, str(error), do)


def _path(system: System, name: str) -> Path | None:
    found = system.get(name)
    return Path(found) if found else None


def _asked(
    system: System, setting: str, look: Callable[[Connection], Iterator[Finding]]
) -> Iterator[Finding]:
    """What a database says; one that is away was told of before."""
    url = system.get(setting)
    if url is None:
        return
    try:
        with opened(url).connect() as connection:
            yield from list(look(connection))
    except SQLAlchemyError:
        return


def _cases(connection: Connection, policy: CrisisPolicy) -> Iterator[Finding]:
    now: datetime = connection.execute(select(func.now())).scalar_one()
    call = "call the duty officers and the clinical lead now"
    untaken, unreached = late_seconds(connection, now, policy)
    if untaken:
        what = f"a crisis case is {untaken / 60:.0f} min past its limit, and no officer has it"
        yield critical("cases", what, call, "CaseNotAcknowledged")
    if unreached:
        what = f"contact in a crisis is {unreached / 60:.0f} min past its limit"
        yield critical("cases", what, call, "CaseContactLate")
    late = sum(
        n for due, n in overdue(connection, now).items() if due not in {"acknowledge", "contact"}
    )
    if late:
        yield warning("cases", f"{late} later steps are overdue", "tell the clinical lead",
                      "CaseStepOverdue")  # fmt: skip
    if not (untaken or unreached or late):
        yield ok("cases", "none is late")
    yield from _roster(connection, now, policy)


def _roster(connection: Connection, now: datetime, policy: CrisisPolicy) -> Iterator[Finding]:
    if not on_duty(connection, now):
        do = "put an officer on the roster now (portal, duty roster), or take the pages yourself"
        yield critical("roster", "nobody is on duty", do, "NobodyOnDuty")
    gaps = coverage(connection, now, now + AHEAD, policy.roster.tiers)["gaps"]
    if gaps:
        first = min(gap["starts_at"] for gap in gaps)
        what = f"{len(gaps)} gaps within 72 h, the first from {first:%Y-%m-%d %H:%M} UTC"
        yield warning("roster", what, "tell the city's administrator", "RosterGapAhead")
    else:
        yield ok("roster", "every tier is covered for 72 h")


def _pages(connection: Connection) -> Iterator[Finding]:
    waiting = connection.execute(_PAGES).scalar()
    if waiting is not None and waiting > PAGE_SECONDS:
        what = f"a page has waited {float(waiting):.0f} s for the mail server"
        yield critical("pages", what, "call the officer on duty yourself", "PageWaiting")
    else:
        yield ok("pages", "none waits")
