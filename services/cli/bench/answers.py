"""`answers`: workers answering PHQ-9, against pgbench with the statements the service sent."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from random import Random
from uuid import uuid4

import msgspec
import requests

from services.cli.bench.ground import Ground
from services.cli.bench.load.plan import request_bytes
from services.cli.bench.row import LIMIT, OURS, Contestant, Goal, Row
from services.cli.bench.small import small_city
from services.cli.bench.writing import ALONE, PROCESSES, Work, Writing
from services.cli.local.processes import ServiceProcess

PATH = "/api/assessment/v1/responses"
INSTRUMENT = "/api/assessment/v1/instruments/phq9"
WORKERS = 64
ITEMS = 9
CRITICAL = f"q{ITEMS}"


@contextmanager
def contest(ground: Ground) -> Iterator[Mapping[str, Contestant]]:
    """As many assessment processes as cores, one of them, and pgbench."""
    city = small_city(ground)
    people = city.workers(WORKERS)
    tokens = city.tokens(people)
    turns = ground.size(32, 3)
    chance = Random(9)
    with city.running("accounts", "assessment") as processes:
        consent = consent_version(processes["assessment"])
    sheets = [
        [answer_request(token, any_answers(chance), consent) for _ in range(turns + 1)]
        for token in tokens
    ]
    work = Work(
        service="assessment",
        table="responses",
        people=[str(each) for each in people],
        streams=[requests[1:] for requests in sheets],
        first=[requests[0] for requests in sheets],
        warm=[request_bytes("GET", INSTRUMENT, token=token) for token in tokens],
    )
    with city.running("accounts"):
        writing = Writing(city, work)
        yield {
            OURS: lambda: writing.through_the_service(PROCESSES),
            ALONE: lambda: writing.through_the_service(1),
            LIMIT: writing.through_pgbench,
        }


def any_answers(chance: Random) -> dict[str, int]:
    """Nine answers of any severity, the critical one not among them: a crisis has its own row."""
    return {f"q{item}": chance.randrange(4) for item in range(1, ITEMS)} | {CRITICAL: 0}


def consent_version(process: ServiceProcess) -> str:
    """The wording in force."""
    answer = requests.get(f"http://127.0.0.1:{process.port}{INSTRUMENT}", timeout=10)
    return str(answer.json()["consent"]["version"])


def answer_request(
    token: str, answers: Mapping[str, int], consent: str, headers: Mapping[str, str] | None = None
) -> bytes:
    """A sheet with a key of its own, as the portal sends it."""
    body = msgspec.json.encode(
        {
            "instrument": "phq9",
            "answers": answers,
            "consent": {"version": consent, "granted": True},
            "elapsed_seconds": 95,
        }
    )
    key = {"Idempotency-Key": str(uuid4()), **(headers or {})}
    return request_bytes("POST", PATH, token=token, body=body, headers=key)


ANSWERS = Row(
    name="answers",
    what=f"{WORKERS} workers answer PHQ-9: scored, sealed, stored, one process a core",
    unit="answers/s",
    goals=(Goal(LIMIT, 0.4),),
    contest=contest,
    limit="pgbench, the same statements",
)
