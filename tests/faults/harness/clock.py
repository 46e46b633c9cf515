"""A service as a process whose clock a test may move.

`python -m tests.faults.harness.clock NAME` is `huixin service NAME`, but for its clock: the file
named by FAULTS_CLOCK says by how many seconds it is ahead, and may change at any time. The product
itself has no such setting.
"""

import os
import sys
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

WIDTH = 16


class MovableClock:
    """Reads the file at every question; it is one short line that is replaced whole."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDONLY)

    def ahead(self) -> timedelta:
        """By how much this process is ahead of the machine."""
        return timedelta(seconds=float(os.pread(self._file, WIDTH, 0)))


def write_clock(path: Path, seconds: float) -> None:
    """Move it: in place, so that whoever has the file open sees it."""
    text = f"{seconds:<{WIDTH}.3f}".encode()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
    os.pwrite(descriptor, text, 0)
    os.close(descriptor)


def install(clock: MovableClock) -> None:
    """Everything in this process that asks what time it is, asks the clock."""
    from jwt import api_jwt

    from services.chassis import clock as chassis_clock

    class Moved(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + clock.ahead()

    chassis_clock.datetime = Moved
    api_jwt.datetime = Moved


def main() -> None:
    """Run one service."""
    import services.chassis.green  # noqa: F401  before anything that opens sockets
    from services.cli.__main__ import run

    if path := os.environ.get("FAULTS_CLOCK"):
        install(MovableClock(Path(path)))
    sys.exit(run("service", sys.argv[1:]))


if __name__ == "__main__":
    main()
