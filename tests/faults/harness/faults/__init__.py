"""What can break, and how it is mended."""

from tests.faults.harness.faults import (
    clocks,
    crisis,
    events,
    network,
    processes,
    servers,
    versions,
)
from tests.faults.harness.faults.world import KINDS, Trouble, World

__all__ = [
    "KINDS",
    "Trouble",
    "World",
    "clocks",
    "crisis",
    "events",
    "network",
    "processes",
    "servers",
    "versions",
]
