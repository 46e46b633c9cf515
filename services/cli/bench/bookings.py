"""`bookings`: workers booking free slots, against pgbench with the statements the service sent;
and 200 of them on one slot, of whom one must win."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from uuid import uuid4

import msgspec

from services.cli.bench.ground import Ground
from services.cli.bench.load.plan import ClosedPlan, request_bytes
from services.cli.bench.load.sending import send
from services.cli.bench.row import LIMIT, OURS, Contestant, Goal, Row
from services.cli.bench.small import small_city
from services.cli.bench.writing import ALONE, PROCESSES, Work, Writing, rows_of
from services.cli.errors import CommandFailed
from services.cli.local.processes import ServiceProcess

PATH = "/api/booking/v1/appointments"
WORKERS, RIVALS = 64, 200
# No more of a counsellor's day than may be booked: the daily limit.
_FREE = """
    SELECT id, modes[1], starts_at, ends_at FROM (
        SELECT s.*, c.daily_limit,
               row_number() OVER (PARTITION BY s.counsellor, s.day ORDER BY s.starts_at) AS nth
        FROM slots s JOIN counsellors c ON c.id = s.counsellor
        WHERE s.state = 'open' AND s.starts_at > now() + interval '1 day') numbered
    WHERE nth <= daily_limit ORDER BY starts_at, id
"""


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A slot that can be booked, whatever else is."""

    id: str
    mode: str
    starts_at: datetime
    ends_at: datetime


@dataclass(slots=True)
class Diary:
    """One worker's sessions: never two at a time."""

    slots: list[FreeSlot] = field(default_factory=list)

    def has_time_for(self, slot: FreeSlot) -> bool:
        """Whether the worker is free then."""
        return all(
            slot.ends_at <= each.starts_at or each.ends_at <= slot.starts_at for each in self.slots
        )


@contextmanager
def contest(ground: Ground) -> Iterator[Mapping[str, Contestant]]:
    """As many booking processes as cores, one of them, and pgbench."""
    city = small_city(ground)
    people = city.workers(WORKERS + RIVALS)
    tokens = city.tokens(people)
    free = _free_slots(city.settings["BOOKING_DATABASE_URL"])
    contested, *others = free
    diaries = shared_among(others, WORKERS, ground.size(32, 3) + 1)
    bookings = [
        [_booking(slot, token) for slot in diary.slots]
        for diary, token in zip(diaries, tokens, strict=False)
    ]
    work = Work(
        service="booking",
        table="appointments",
        people=[str(each) for each in people[:WORKERS]],
        streams=[requests[1:] for requests in bookings],
        first=[requests[0] for requests in bookings],
        warm=[request_bytes("GET", PATH, token=token) for token in tokens[:WORKERS]],
    )
    rush = [_booking(contested, token) for token in tokens[WORKERS:]]

    def one_wins(processes: Sequence[ServiceProcess]) -> dict[str, float]:
        return _one_wins([each.port for each in processes], rush)

    with city.running("accounts"):
        writing = Writing(city, work)
        yield {
            OURS: lambda: writing.through_the_service(PROCESSES, one_wins),
            ALONE: lambda: writing.through_the_service(1, one_wins),
            LIMIT: writing.through_pgbench,
        }


def shared_among(free: Sequence[FreeSlot], workers: int, each: int) -> list[Diary]:
    """`each` slots for every worker, in no order; raises CommandFailed where slots run out."""
    diaries = [Diary() for _ in range(workers)]
    mixed = list(free)
    Random(7).shuffle(mixed)
    for slot in mixed:
        waiting = [diary for diary in diaries if len(diary.slots) < each]
        if not waiting:
            return diaries
        fitting = [diary for diary in waiting if diary.has_time_for(slot)]
        if fitting:
            min(fitting, key=lambda diary: len(diary.slots)).slots.append(slot)
    if any(len(diary.slots) < each for diary in diaries):
        raise CommandFailed(f"{len(free)} free slots are too few for {workers} × {each} bookings.")
    return diaries


def _free_slots(url: str) -> list[FreeSlot]:
    rows = rows_of(url, _FREE)
    return [FreeSlot(*row) for row in rows]  # type: ignore[arg-type]  # the query's own columns


def _booking(slot: FreeSlot, token: str) -> bytes:
    body = msgspec.json.encode({"slot": slot.id, "mode": slot.mode})
    key = {"Idempotency-Key": str(uuid4())}
    return request_bytes("POST", PATH, token=token, body=body, headers=key)


def _one_wins(ports: Sequence[int], rush: Sequence[bytes]) -> dict[str, float]:
    """All at once on one slot; raises CommandFailed unless one got it and all others were told."""
    plan = ClosedPlan(
        [ports[at % len(ports)] for at in range(len(rush))], [[request] for request in rush]
    )
    outcome = send(plan)
    if outcome.statuses != {201: 1, 409: len(rush) - 1}:
        raise CommandFailed(f"{len(rush)} workers on one slot, by status: {outcome.statuses}")
    return {f"winners of {len(rush)} on one slot": 1.0}


BOOKINGS = Row(
    name="bookings",
    what=f"{WORKERS} workers book free slots, one process a core; then {RIVALS} want the same",
    unit="bookings/s",
    goals=(Goal(LIMIT, 0.4),),
    contest=contest,
    limit="pgbench, the same statements",
)
