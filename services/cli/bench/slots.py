"""`slots`: the list of free slots as a worker sees it, against a bare nameko method."""

import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice, pairwise
from pathlib import Path
from urllib.parse import urlencode

import msgspec
import requests

from services.cli.bench.ground import Ground
from services.cli.bench.load.plan import ClosedPlan, Outcome, request_bytes
from services.cli.bench.load.sending import expect, latency_notes, send
from services.cli.bench.meanwhile import Bookers
from services.cli.bench.processes import processor_seconds
from services.cli.bench.row import LIMIT, OURS, Contestant, Goal, Reading, Row
from services.cli.bench.small import small_city
from services.cli.errors import CommandFailed
from services.cli.local.ports import accepts, free_port
from services.cli.local.processes import ServiceProcess
from services.cli.progress import say
from services.cli.steps import ROOT, python

PATH = "/api/booking/v1/slots"
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
        queries = _queries(booking.port, tokens[0])
        bodies = {query: _body(booking.port, tokens[0], query) for query in queries}
        sizes = [len(body) for body in bodies.values()]
        say(f"  {len(queries)} queries, answers of {min(sizes):,} to {max(sizes):,} bytes, "
            f"{CONNECTIONS} connections; {BOOKINGS_A_SECOND} sessions a second are booked or "
            "given back meanwhile")  # fmt: skip
        with _bare(ground.folder, bodies) as bare:
            ours = _Ours(booking, queries, tokens, seconds)
            theirs = _Theirs(bare, queries, tokens[:CONNECTIONS], seconds)
            ours.warm_up()
            theirs.warm_up()
            yield {OURS: ours.read, LIMIT: theirs.read}


class _Ours:
    """The booking service; a few of its slots are booked and given back while lists are read."""

    def __init__(
        self, process: ServiceProcess, queries: Sequence[str], tokens: Sequence[str], seconds: float
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
        process: "BareProcess",
        queries: Sequence[str],
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


class BareProcess:
    """The bare nameko service in a process of its own."""

    def __init__(self, bodies: Path, port: int) -> None:
        self.port = port
        self.process = subprocess.Popen(
            python("-P", "-m", "services.cli.bench.bare", str(port), str(bodies)),
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "PYTHONWARNINGS": "ignore"},
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """The process's id."""
        return self.process.pid

    def wait_until_ready(self) -> None:
        """Until it takes connections; raises CommandFailed."""
        deadline = time.monotonic() + 30
        while not accepts(self.port):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise CommandFailed("The bare nameko service did not start.")
            time.sleep(0.1)

    def end(self) -> None:
        """It holds nothing that a kill could lose."""
        self.process.kill()
        self.process.wait()


@contextmanager
def _bare(folder: Path, bodies: Mapping[str, bytes]) -> Iterator[BareProcess]:
    file = folder / "bodies"
    file.write_bytes(msgspec.msgpack.encode(dict(bodies)))
    process = BareProcess(file, free_port(0))
    try:
        process.wait_until_ready()
        yield process
    finally:
        process.end()


def _queries(port: int, token: str) -> list[str]:
    """What the pages of a worker ask: everything, a place, a mode, a day, a counsellor, a page."""
    now = datetime.now(UTC)
    found = requests.get(
        f"http://127.0.0.1:{port}{PATH}", headers={"Authorization": f"Bearer {token}"}, timeout=10
    ).json()
    sites = list(dict.fromkeys(item["site"] for item in found["items"]))[:6]
    counsellors = list(dict.fromkeys(item["counsellor"] for item in found["items"]))[:6]
    days = [(now + timedelta(days=day)).strftime("%Y-%m-%dT00:00:00Z") for day in range(2, 8)]
    asked: list[dict[str, object]] = [{}, {"mode": "video"}, {"mode": "in-person"}, {"limit": 20}]
    asked += [{"site": site} for site in sites]
    asked += [{"counsellor": counsellor} for counsellor in counsellors]
    asked += [{"from": a, "to": b} for a, b in pairwise(days)]
    asked += [{"site": site, "mode": "video", "from": days[0]} for site in sites]
    asked += [{"cursor": found["next"]}] if found["next"] else []
    return [urlencode(each) for each in asked]


def _body(port: int, token: str, query: str) -> bytes:
    answer = requests.get(
        f"http://127.0.0.1:{port}{PATH}?{query}",
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    )
    if answer.status_code != 200:
        raise CommandFailed(f"{PATH}?{query} answered {answer.status_code}: {answer.text[:200]}")
    return answer.content


def _plan(port: int, queries: Sequence[str], tokens: Sequence[str], seconds: float) -> ClosedPlan:
    """Each connection is one worker who goes through all queries, each starting elsewhere."""
    streams = []
    for at, token in enumerate(tokens):
        turn = islice(cycle(queries), at, at + len(queries))
        streams.append([request_bytes("GET", _path(query), token=token) for query in turn])
    return ClosedPlan([port] * len(tokens), streams, seconds)


def _path(query: str) -> str:
    return f"{PATH}?{query}" if query else PATH


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
