"""One process of a bus row: it says when it is ready, and starts when it is told."""

import os
import selectors
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from services.cli.bench.processes import descendants, processor_seconds
from services.cli.errors import CommandFailed
from services.cli.local.processes import ROOT

READY = b"ready\n"
READY_SECONDS = 60.0
STOP_SECONDS = 15.0


class BusProcess:
    """`python -m` of a module of this package; it sees only the settings it is given."""

    def __init__(self, command: Sequence[str], settings: Mapping[str, str], log: Path) -> None:
        self._name, self._log = " ".join(command), log
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", *command],
                env={**settings, "PYTHONPATH": str(ROOT), "PATH": os.defpath, "LANG": "C.UTF-8"},
                cwd=log.parent,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        """Raises CommandFailed with the end of its log where that never comes."""
        assert self._process.stdout is not None  # noqa: S101  a pipe was asked for
        deadline, said = time.monotonic() + READY_SECONDS, b""
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while selector.select(max(0.0, deadline - time.monotonic())):
                more = os.read(self._process.stdout.fileno(), 65_536)
                said += more
                if READY in said:
                    return
                if not more:
                    break
        self.fail("did not get ready")

    def go(self) -> None:
        """Let it begin."""
        assert self._process.stdin is not None  # noqa: S101  a pipe was asked for
        self._process.stdin.write(b"go\n")
        self._process.stdin.flush()

    def fail(self, what: str) -> None:
        """Raise CommandFailed with the end of its log."""
        lines = self._log.read_text(errors="replace").splitlines()[-15:]
        raise CommandFailed("\n".join([f"{self._name} {what}:", *lines]))

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def processor_seconds(self) -> float:
        """Of it and of all it started."""
        return processor_seconds(descendants(self._process.pid))

    def terminate(self) -> None:
        """Ask it to end."""
        self._process.terminate()

    def stop(self) -> None:
        """Ask it to end; end it where it does not."""
        self.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            for pid in reversed(descendants(self._process.pid)):
                os.kill(pid, 9)
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


@contextmanager
def started(command: Sequence[str], settings: Mapping[str, str], log: Path) -> Iterator[BusProcess]:
    """A process that is ready, and ends with the block."""
    process = BusProcess(command, settings, log)
    try:
        process.wait_until_ready()
        yield process
    finally:
        process.stop()
