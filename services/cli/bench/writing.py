"""Writes of many workers, through the service and through pgbench, each on a copy of one database.

Both send the same requests of the same workers: a worker's next when the one before is answered.
What pgbench sends was recorded while the service handled exactly these requests, one by one.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

import psycopg2
from sqlalchemy.engine import make_url

from services.cli.bench.city import City
from services.cli.bench.load.connection import Connection
from services.cli.bench.load.plan import ClosedPlan
from services.cli.bench.load.sending import expect, latency_notes, send
from services.cli.bench.processes import processor_seconds
from services.cli.bench.replay import pgbench
from services.cli.bench.replay.capture import recorder
from services.cli.bench.replay.template import template_of
from services.cli.bench.row import Reading
from services.cli.errors import CommandFailed
from services.cli.local.processes import ServiceProcess
from services.cli.progress import step

CREATED = 201
# One a core, as a city would run it: pgbench has both cores too.
PROCESSES, ALONE = 2, "ours, one process"
After = Callable[[Sequence[ServiceProcess]], dict[str, float]]


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be written: for each worker an id and requests.

    `first` is written before anything is measured, so that nobody is new; `warm` changes nothing.
    """

    service: str
    # Where each request leaves one row.
    table: str
    people: Sequence[str]
    streams: Sequence[Sequence[bytes]]
    first: Sequence[bytes]
    warm: Sequence[bytes]

    @property
    def count(self) -> int:
        """How many requests in all."""
        return sum(len(stream) for stream in self.streams)


class Writing:
    """One row's work; accounts must be running."""

    def __init__(self, city: City, work: Work) -> None:
        self._city, self._work = city, work
        self._base = self._begun()
        self._replay = self._recorded()

    def through_the_service(self, processes: int, after: After | None = None) -> Reading:
        """On a fresh copy, by so many processes; `after` may look at them before they end."""
        work = self._work
        settings = self._fresh("ours")
        with self._city.replicas(work.service, processes, **settings) as replicas:
            ports = [replicas[at % processes].port for at in range(len(work.streams))]
            warm = [[request] * 3 for request in work.warm]
            expect(send(ClosedPlan(ports, warm)), 200)
            pids = [each.pid for each in replicas]
            before = processor_seconds(pids)
            outcome = expect(send(ClosedPlan(ports, work.streams)), CREATED)
            spent = processor_seconds(pids) - before
            self._check_rows("ours", work.count)
            waiting = self._count("ours", "outbox WHERE sent_at IS NULL")
            notes = {**latency_notes(outcome), "events not yet sent": float(waiting)}
            if after is not None:
                notes |= after(replicas)
        return Reading(work.count / outcome.seconds, spent / work.count * 1e6, notes)

    def through_pgbench(self) -> Reading:
        """The recorded statements on a fresh copy, one session for each worker."""
        city, replay = self._city, self._replay
        (url,) = self._fresh("pgbench").values()
        speed = pgbench.run(city.ground.postgres, url, replay, city.folder)
        self._check_rows("pgbench", replay.clients * replay.turns)
        notes = {"round trips each": float(len(replay.template.statements))}
        return Reading(speed, notes=notes)

    def _begun(self) -> str:
        """The database all copies are made of: everybody has written once."""
        city, work, name = self._city, self._work, f"{self._work.service}_base"
        url = city.copy_database(work.service, name)
        city.empty_queues()
        settings = {f"{work.service.upper()}_DATABASE_URL": url}
        with city.replicas(work.service, 1, **settings) as (process,):
            ports = [process.port] * len(work.first)
            expect(send(ClosedPlan(ports, [[request] for request in work.first])), CREATED)
        return name

    def _recorded(self) -> pgbench.Replay:
        work, order = self._work, self._order()
        with step("recording its statements") as said:
            requests = self._statements(order)
            template = template_of(requests)
            said(
                f"{len(requests)} requests, {len(template.statements)} round trips each, "
                f"{template.share:.1%} of one shape"
            )
        (self._city.folder / f"{work.service}.sql").write_text(pgbench.script_of(template))
        numbers = {place: number for number, place in enumerate(order)}
        streams = [
            [numbers[worker, turn] for turn in range(len(stream))]
            for worker, stream in enumerate(work.streams)
        ]
        return pgbench.shared_out(template, streams)

    def _order(self) -> list[tuple[int, int]]:
        """(worker, turn): everybody's first request, then everybody's second, …"""
        turns = max(len(stream) for stream in self._work.streams)
        return [
            (worker, turn)
            for turn in range(turns)
            for worker, stream in enumerate(self._work.streams)
            if turn < len(stream)
        ]

    def _statements(self, order: Sequence[tuple[int, int]]) -> list[list[str]]:
        work, city = self._work, self._city
        people = [work.people[worker] for worker, _ in order]
        requests = [work.streams[worker][turn] for worker, turn in order]
        settings = self._fresh("record")
        with (
            recorder(city.ground.postgres, self._name("record")) as recording,
            city.replicas(work.service, 1, **settings) as (process,),
            closing(Connection(process.port)) as connection,
        ):
            return recording.record(people, lambda number: _one(connection, requests[number]))

    def _fresh(self, purpose: str) -> dict[str, str]:
        """A fresh copy, as a setting of the service; what was written before is on the disk."""
        city, service = self._city, self._work.service
        url = city.copy_database(service, self._name(purpose), self._base)
        city.empty_queues()
        with closing(city.ground.postgres.admin()) as connection, connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
        return {f"{service.upper()}_DATABASE_URL": url}

    def _name(self, purpose: str) -> str:
        return f"{self._work.service}_{purpose}"

    def _check_rows(self, purpose: str, added: int) -> None:
        found = self._count(purpose, self._work.table)
        before = self._count_in(self._base, self._work.table)
        if found - before != added:
            raise CommandFailed(
                f"{added} rows were to be added to {self._work.table} ({purpose}), "
                f"{found - before} were."
            )

    def _count(self, purpose: str, where: str) -> int:
        return self._count_in(self._name(purpose), where)

    def _count_in(self, database: str, where: str) -> int:
        server = self._city.ground.postgres
        with closing(server.admin(database)) as connection, connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {where}")  # noqa: S608  # names made here
            (count,) = cursor.fetchone()  # type: ignore[misc]  # a count is one row
            return int(count)


def _one(connection: Connection, request: bytes) -> None:
    """Send it and wait; raises CommandFailed."""
    if connection.over:
        connection.renew()
    connection.sock.settimeout(30)
    connection.send(request)
    status = 0
    while not status:
        status = connection.receive()
    if status != CREATED:
        raise CommandFailed(f"The service answered {status} to {request.split(b' HTTP')[0]!r}.")


def rows_of(url: str, query: str) -> list[tuple[object, ...]]:
    """What a query finds in a database."""
    dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg2.connect(dsn)) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())
