"""Our side of the bus rows: toy services on the real chassis, each a process of its own.

`python -m services.cli.bench.bustoys sender|single|batched`; the settings come from the
environment. The sender has nothing but its outbox and relay; the readers change one row an event.
"""

import services.chassis.green  # isort: skip  # noqa: F401  # must come first

import os
import sys
from collections.abc import Sequence
from typing import Any

import eventlet
from eventlet.greenio import GreenPipe
from sqlalchemy import text

from services.chassis.batch import subscribe_batch
from services.chassis.logs import configure_logging
from services.chassis.runner import Runner, run_services
from services.chassis.service import Service
from services.chassis.subscribe import subscribe
from services.chassis.unit_of_work import UnitOfWork, UnitOfWorkProvider
from services.cli.bench.peers.task import say_ready
from services.contracts.envelope import Envelope

_MARK = text("UPDATE marks SET times = times + 1 WHERE response = :response")
_MARKS = text("UPDATE marks SET times = times + 1 WHERE response = ANY(CAST(:responses AS uuid[]))")


class ToySender(Service):
    """Stands in for assessment."""

    name = "assessment"


class ToySingleReader(Service):
    """Stands in for booking: the ordinary handler, one transaction an event."""

    name = "booking"
    uow: UnitOfWork = UnitOfWorkProvider()

    @subscribe("booking.response-completed")
    def on_event(self, event: Envelope) -> None:
        """Change its row."""
        with self.uow as uow:
            uow.connection.execute(_MARK, {"response": event.subject})
            uow.commit()


class ToyBatchedReader(Service):
    """Stands in for reporting: hundreds of events in one transaction."""

    name = "reporting"
    uow: UnitOfWork = UnitOfWorkProvider()

    @subscribe_batch("reporting.ledger")
    def on_events(self, events: Sequence[Envelope]) -> None:
        """Change their rows."""
        with self.uow as uow:
            uow.connection.execute(_MARKS, {"responses": [each.subject for each in events]})
            uow.commit()


TOYS: dict[str, Any] = {
    "sender": ToySender,
    "single": ToySingleReader,
    "batched": ToyBatchedReader,
}


def _serves(runner: Runner) -> None:
    say_ready()
    for runtime in runner.runtimes.values():
        eventlet.spawn_n(_wake_on_go, runtime)


def _wake_on_go(runtime: Any) -> None:
    """What a commit of this service would do: wake its relay."""
    if GreenPipe(0, "rb").readline():
        runtime.wake_relay(urgent=False)


def main() -> None:
    """Run one toy until it is ended."""
    configure_logging("warning")
    run_services([TOYS[sys.argv[1]]], os.environ, _serves)


if __name__ == "__main__":
    main()
