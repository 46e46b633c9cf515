"""`slots`: the list of free slots as a worker sees it, against a bare nameko method."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from services.cli.bench.bareprocess import BareProcess, running_bare
from services.cli.bench.ground import Ground
from services.cli.bench.load.plan import ClosedPlan, Outcome, request_bytes
from services.cli.bench.load.sending import expect, latency_notes, send
from services.cli.bench.meanwhile import Bookers
from services.cli.bench.processes import processor_seconds
from services.cli.bench.row import LIMIT, OURS, Contestant, Goal, Reading, Row
from services.cli.bench.slotlists import body_of, different, lists_of, mixed, path_of
from services.cli.bench.small import small_city
from services.cli.local.processes import ServiceProcess
from services.cli.progress import say

CONNECTIONS = 64
BOOKERS = 4
BOOKINGS_A_SECOND = 5


@contextmanager
def contest(ground: Ground) -> Iterator[Mapping[str, Contestant]]:
    """One booking process on a city's slots, and a bare method with the same bytes."""
    city = small_city(ground)
    seconds = ground.size(6.0, 1.0)
    people = city.workers(CONNECTIONS + BOOKERS)
    tokens = city.tokens(people)
    copy = city.copy_database("booking", "slots_booking")
    city.empty_queues()
    with city.running("accounts", "booking", BOOKING_DATABASE_URL=copy) as processes:
        booking = processes["booking"]
        lists = lists_of(booking.port, tokens[0], copy)
        bodies = {
            query: body_of(booking.port, tokens[0], query) for query in (*lists.common, *lists.own)
        }
        sizes = [len(body) for body in bodies.values()]
        say(f"  {len(lists.common)} lists that everybody opens and {len(lists.own)} others, "
            f"{min(sizes):,} to {max(sizes):,} bytes; {BOOKINGS_A_SECOND} sessions a second are "
            "booked or given back meanwhile")  # fmt: skip
        usual, others = mixed(lists, CONNECTIONS), different(lists, CONNECTIONS)
        with running_bare(ground.folder, bodies) as bare:
            ours = _Ours(booking, usual, tokens, seconds)
            other = _Ours(booking, others, tokens, seconds)
            theirs = _Theirs(bare, usual, tokens[:CONNECTIONS], seconds)
            ours.warm_up()
            theirs.warm_up()
            yield {OURS: ours.read, "ours, no list twice": other.read, LIMIT: theirs.read}


class _Ours:
    """The booking service; a few of its slots are booked and given back while lists are read."""

    def __init__(
        self,
        process: ServiceProcess,
        queries: Sequence[Sequence[str]],
        tokens: Sequence[str],
        seconds: float,
    ) -> None:
        self._process, self._seconds = process, seconds
        self._plan = _plan(process.port, queries, tokens[:CONNECTIONS], seconds)
        self._bookers = tokens[CONNECTIONS:]

    def warm_up(self) -> None:
        """Every token is checked once, every database connection opened."""
        expect(send(_shortened(self._plan)), 200)

    def read(self) -> Reading:
        """One round."""
        before = processor_seconds([self._process.pid])
        bookers = Bookers(self._process.port, self._bookers, BOOKINGS_A_SECOND)
        with bookers.at_work():
            outcome = expect(send(self._plan), 200)
        cpu = processor_seconds([self._process.pid]) - before
        return _reading(outcome, cpu, {name: float(n) for name, n in bookers.done.items()})


class _Theirs:
    """The bare method."""

    def __init__(
        self,
        process: BareProcess,
        queries: Sequence[Sequence[str]],
        tokens: Sequence[str],
        seconds: float,
    ) -> None:
        self._process = process
        self._plan = _plan(process.port, queries, tokens, seconds)

    def warm_up(self) -> None:
        """As ours."""
        expect(send(_shortened(self._plan)), 200)

    def read(self) -> Reading:
        """One round."""
        before = processor_seconds([self._process.pid])
        outcome = expect(send(self._plan), 200)
        return _reading(outcome, processor_seconds([self._process.pid]) - before, {})


def _plan(
    port: int, queries: Sequence[Sequence[str]], tokens: Sequence[str], seconds: float
) -> ClosedPlan:
    """Each connection is one worker who goes through their lists again and again."""
    streams = [
        [request_bytes("GET", path_of(query), token=token) for query in mine]
        for mine, token in zip(queries, tokens, strict=True)
    ]
    return ClosedPlan([port] * len(tokens), streams, seconds)


def _shortened(plan: ClosedPlan) -> ClosedPlan:
    return ClosedPlan(plan.ports, plan.streams, min(plan.seconds or 1.0, 1.5))


def _reading(outcome: Outcome, cpu: float, booked: Mapping[str, float]) -> Reading:
    notes = {**latency_notes(outcome), **booked}
    return Reading(outcome.answered / outcome.seconds, cpu / outcome.answered * 1e6, notes)


SLOTS = Row(
    name="slots",
    what="lists of free slots of one booking process, 64 connections",
    unit="req/s",
    goals=(Goal(LIMIT, 0.5),),
    contest=contest,
    limit="a bare nameko @http method, same bytes",
)
