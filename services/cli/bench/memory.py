"""`memory`: what each service takes when it runs apart, after its start and after work."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import msgspec

from services.cli.bench.city import PASSWORD, login_of
from services.cli.bench.ground import Ground
from services.cli.bench.load.plan import ClosedPlan, request_bytes
from services.cli.bench.load.sending import expect, send
from services.cli.bench.processes import Memory, descendants, memory
from services.cli.bench.row import OURS, Contestant, Reading, Row, at_most
from services.cli.bench.wholecity import WholeCity, whole_city

SLOTS = "/api/booking/v1/slots?limit=200"
FIRST_PAGE = request_bytes("GET", "/")
READERS = 32


@contextmanager
def contest(ground: Ground) -> Iterator[Mapping[str, Contestant]]:
    """All services, started anew for each round."""
    whole = whole_city(ground)

    def read() -> Reading:
        whole.stop()
        whole.start()
        started = _sizes(whole)
        whole.load(ground.size(10.0, 3.0))
        _read(whole, ground.size(4.0, 1.0))
        worked = _sizes(whole)
        notes = {}
        for name in started:
            notes[f"{name} at the start"] = started[name].resident
            notes[f"{name} after work"] = worked[name].resident
            notes[f"{name} (PSS)"] = worked[name].proportional
        return Reading(max(each.resident for each in worked.values()), notes=notes)

    try:
        yield {OURS: read}
    finally:
        whole.stop()


def _sizes(whole: WholeCity) -> dict[str, Memory]:
    """Of each service, with whatever processes it started."""
    sizes = {}
    for name, process in whole.processes.items():
        parts = [memory(pid) for pid in descendants(process.pid)]
        resident = sum(part.resident for part in parts)
        sizes[name] = Memory(resident, sum(part.proportional for part in parts))
    return sizes


def _read(whole: WholeCity, seconds: float) -> None:
    """Lists of slots and first pages for many at once, then sign-ins, which hash passwords."""
    tokens = whole.city.tokens(whole.city.workers(READERS))
    slots = [[request_bytes("GET", SLOTS, token=token)] for token in tokens]
    for service, streams in {"booking": slots, "portal": [[FIRST_PAGE]] * READERS}.items():
        ports = [whole.processes[service].port] * READERS
        expect(send(ClosedPlan(ports, streams, seconds)), 200)
    ports = [whole.processes["accounts"].port] * READERS
    expect(send(ClosedPlan(ports, [[_sign_in(number)] for number in range(READERS)])), 201)


def _sign_in(number: int) -> bytes:
    body = msgspec.json.encode({"login": login_of(number), "password": PASSWORD})
    return request_bytes("POST", "/api/accounts/v1/sessions", body=body)


MEMORY = Row(
    name="memory",
    what="resident memory of the largest service after answers, offers, pages and lists of slots",
    unit="MB",
    contest=contest,
    **at_most(120.0),
)
