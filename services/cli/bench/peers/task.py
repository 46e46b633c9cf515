"""What a measured process is told, and how it tells that it is ready: two lines of a pipe."""

import hashlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

VARIABLE = "HUIXIN_BENCH_TASK"
TYPE = "assessment.response-completed.v1"
UNIT = "wh/hc/e0001"
SENT_AT = "2026-03-02T01:00:00Z"

# The same for everybody: the event's row of the inbox, and the one row it changes.
RECEIVE = "INSERT INTO inbox (queue, event_id) VALUES (%s, %s) ON CONFLICT DO NOTHING"
MARK = "UPDATE marks SET times = times + 1 WHERE response = %s"


@dataclass(frozen=True, slots=True)
class Task:
    """Where broker and database are (libpq addresses), and how many events there will be."""

    amqp_url: str
    database_url: str
    queue: str
    events: int
    width: int


def the_task() -> Task:
    """The task of this process."""
    return msgspec.json.decode(os.environ[VARIABLE], type=Task)


def say_ready() -> None:
    """Connected, and about to do nothing until told."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def wait_for_go() -> None:
    """Until the bench starts its clock."""
    sys.stdin.readline()


def made_id(what: str, number: int) -> UUID:
    """As SQL's `md5(what || number)::uuid`: spread over the index like a random one."""
    return UUID(hashlib.md5(f"{what}{number}".encode(), usedforsecurity=False).hexdigest())


def documents(events: int) -> Iterator[dict[str, Any]]:
    """The events as our own wire carries them: for senders that have no outbox to read."""
    for number in range(1, events + 1):
        response = str(made_id("response", number))
        yield {
            "specversion": "1.0",
            "id": str(made_id("event", number)),
            "source": "/huixin/assessment",
            "type": TYPE,
            "subject": response,
            "time": SENT_AT,
            "dataclass": "confidential",
            "correlationid": str(made_id("loop", number)),
            "sequence": "1",
            "unit": UNIT,
            "datacontenttype": "application/json",
            "data": {
                "response": response,
                "person": str(made_id("person", number)),
                "instrument": "phq9",
                "version": "1",
                "band": "minimal",
                "risk": "none",
                "care_level": 0,
                "policy": "bench",
                "case": None,
                "campaign": None,
            },
        }
