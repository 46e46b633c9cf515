"""The ledger rows: counting it all again, and what dashboards cost however much it holds."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial

import psycopg2
from sqlalchemy import create_engine

from services.cli.bench.buscarry import family_seconds, postgres_pid
from services.cli.bench.busworld import plain
from services.cli.bench.ground import Ground
from services.cli.bench.rebuildledger import check, filled, size_of
from services.cli.bench.rebuildviews import Views
from services.cli.bench.row import LIMIT, OURS, Contestant, Goal, Reading, Row
from services.cli.bench.statistics import percentile
from services.reporting.ledger.rebuild import rebuild

FLOOR = 20_000.0
FLOOR_NAME = "20,000 events/s"
FEW = 100_000
MEASURED_SECONDS = 3.0
MICRO, MILLI = 1e6, 1e3

_GROUPED = "SELECT kind, facts, unit, month, count(*) FROM ledger GROUP BY 1, 2, 3, 4"


def _many(ground: Ground) -> int:
    return 10_000_000 if ground.full else ground.size(1_000_000, 20_000)


def _few(ground: Ground) -> int:
    return ground.size(FEW, 5_000)


def _ledger(ground: Ground, events: int) -> str:
    return ground.keep(f"ledger of {events}", lambda: filled(ground, events))


@contextmanager
def _counted_again(ground: Ground) -> Iterator[Mapping[str, Contestant]]:
    url = _ledger(ground, _many(ground))
    events = size_of(url)
    yield {
        OURS: partial(_timed, ground, events, partial(_rebuild, url)),
        LIMIT: partial(_timed, ground, events, partial(_group, url)),
        FLOOR_NAME: lambda: Reading(FLOOR),
    }
    check(url)


def _rebuild(url: str) -> None:
    engine = create_engine(url)
    try:
        rebuild(engine)
    finally:
        engine.dispose()


def _group(url: str) -> None:
    """One pass over the ledger by the database alone: nothing is counted by rules or stored."""
    with closing(psycopg2.connect(plain(url))) as connection, connection.cursor() as cursor:
        cursor.execute(_GROUPED)
        cursor.fetchall()


def _timed(ground: Ground, events: int, action: Callable[[], None]) -> Reading:
    server = postgres_pid(ground)
    begun, used, served = time.monotonic(), time.process_time(), family_seconds(server)
    action()
    seconds, used = time.monotonic() - begun, time.process_time() - used
    served = family_seconds(server) - served
    notes = {"events": events, "s": seconds, "postgres µs": served / events * MICRO}
    return Reading(events / seconds, used / events * MICRO, notes)


@contextmanager
def _dashboards(ground: Ground) -> Iterator[Mapping[str, Contestant]]:
    urls = [_ledger(ground, size(ground)) for size in (_many, _few)]
    for url in urls:
        _rebuild(url)
        check(url)
    many, few = (Views(url) for url in urls)
    with closing(many), closing(few):
        many.check()
        few.check()
        yield {OURS: partial(_read, many), "100,000 events": partial(_read, few)}


def _read(views: Views) -> Reading:
    views.read()
    taken, used = list[float](), time.process_time()
    until = time.monotonic() + MEASURED_SECONDS
    while (begun := time.monotonic()) < until:
        views.read()
        taken.append(time.monotonic() - begun)
    used = time.process_time() - used
    middle = percentile(taken, 0.5)
    notes = {"p50 ms": middle * MILLI, "p99 ms": percentile(taken, 0.99) * MILLI}
    return Reading(1 / middle, used / len(taken) * MICRO, notes)


LEDGER = Row(
    name="ledger-rebuild",
    what="every counter of the statistics from the ledger again, beside the running reader",
    unit="events/s",
    goals=(Goal(FLOOR_NAME, 1.0),),
    contest=_counted_again,
    limit="one GROUP BY over the ledger",
)
DASHBOARD = Row(
    name="dashboard",
    what="city's year, district's month and one loop; 1.5 times as long at most for a full ledger",
    unit="views/s",
    goals=(Goal("100,000 events", 1 / 1.5),),
    contest=_dashboards,
)
