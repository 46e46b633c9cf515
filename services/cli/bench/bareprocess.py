"""The bare nameko service of `slots` in a process of its own."""

import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from services.cli.errors import CommandFailed
from services.cli.local.ports import accepts, free_port
from services.cli.steps import ROOT, python


class BareProcess:
    """The bare nameko service in a process of its own."""

    def __init__(self, bodies: Path, port: int) -> None:
        self.port = port
        self.process = subprocess.Popen(
            python("-P", "-m", "services.cli.bench.bare", str(port), str(bodies)),
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "PYTHONWARNINGS": "ignore"},
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """The process's id."""
        return self.process.pid

    def wait_until_ready(self) -> None:
        """Until it takes connections; raises CommandFailed."""
        deadline = time.monotonic() + 30
        while not accepts(self.port):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise CommandFailed("The bare nameko service did not start.")
            time.sleep(0.1)

    def end(self) -> None:
        """It holds nothing that a kill could lose."""
        self.process.kill()
        self.process.wait()


@contextmanager
def running_bare(folder: Path, bodies: Mapping[str, bytes]) -> Iterator[BareProcess]:
    file = folder / "bodies"
    file.write_bytes(msgspec.msgpack.encode(dict(bodies)))
    process = BareProcess(file, free_port(0))
    try:
        process.wait_until_ready()
        yield process
    finally:
        process.end()
