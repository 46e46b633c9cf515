"""Waiting for what another service will have done in a moment."""

import time
from collections.abc import Callable
from typing import TypeVar

from services.cli.errors import CommandFailed

T = TypeVar("T")

# On a machine with much else to do a mail's first attempt may fail; the next is a minute later.
PATIENCE = 100.0


def until(probe: Callable[[], T | None], what: str, seconds: float = PATIENCE) -> T:
    """The probe's first true answer; raises CommandFailed naming what did not come."""
    deadline = time.monotonic() + seconds
    while not (found := probe()):
        if time.monotonic() > deadline:
            raise CommandFailed(f"{what}: not within {seconds:.0f} s.")
        time.sleep(0.05)
    return found
