"""A toy service as a process of its own, which can be told to die at one exact point.

`python -m tests.support.toyprocess sender|reader|ledger [point]`; the settings come from the
environment. The points are the moments between a change, its commit and its acknowledgement.
"""

import services.chassis.green  # isort: skip  # noqa: F401  # must come first

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from services.chassis.batch import BatchSubscription
from services.chassis.consumer import QueueReader
from services.chassis.logs import configure_logging
from services.chassis.relay import Relay
from services.chassis.runner import run_services
from services.chassis.subscribe import EventEntrypoint
from services.chassis.timers import TimerEntrypoint
from services.chassis.transaction import Transaction
from tests.support.toys import ToyLedger, ToyReader, ToySender

TOYS = {"sender": ToySender, "reader": ToyReader, "ledger": ToyLedger}

POINTS: dict[str, tuple[Any, str, bool]] = {
    "before-commit": (Transaction, "_commit", True),
    "after-commit": (Transaction, "_commit", False),
    "before-publish": (Relay, "_publish", True),
    "published-not-marked": (Relay, "_mark", True),
    "handled-not-acknowledged": (QueueReader, "acknowledge", True),
    "handler-begun": (EventEntrypoint, "call", True),
    "batch-begun": (BatchSubscription, "call", True),
    "timer-begun": (TimerEntrypoint, "call", True),
}


def die(*_args: object, **_kwargs: object) -> None:
    """As kill -9 does: nothing is flushed, nobody is told."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_after(method: Callable[..., Any]) -> Callable[..., Any]:
    """Do it, then die."""

    def done_then_dead(*args: Any, **kwargs: Any) -> None:
        method(*args, **kwargs)
        die()

    return done_then_dead


def arm(point: str) -> None:
    """Make the process die there."""
    owner, name, before = POINTS[point]
    setattr(owner, name, die if before else die_after(getattr(owner, name)))


def main() -> None:
    """Run one toy."""
    configure_logging("warning")
    if len(sys.argv) > 2:
        arm(sys.argv[2])
    run_services([TOYS[sys.argv[1]]], os.environ)


if __name__ == "__main__":
    main()
