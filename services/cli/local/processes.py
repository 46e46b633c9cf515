"""Services as separate processes of this machine, each with its log file."""

import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import requests

from services.cli.errors import CommandFailed
from services.cli.local.environment import settings_of

ROOT = Path(__file__).parent.parent.parent.parent
READY_SECONDS = 60.0
STOP_SECONDS = 30.0


class ServiceProcess:
    """One service; it sees its own settings and nothing of this process's environment."""

    program: ClassVar[tuple[str, ...]] = ("services.cli", "service")
    root = ROOT

    def __init__(self, name: str, settings: Mapping[str, str], log_folder: Path) -> None:
        self.name = name
        self.settings = dict(settings)
        self.log = log_folder / f"{name}.log"
        self.port = int(settings[f"{name.upper()}_PORT"])
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; `wait_until_ready` says when it serves."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", *self.program, self.name],
                env={
                    **settings_of(self.name, self.settings),
                    "PYTHONPATH": str(self.root),
                    "PYTHONUNBUFFERED": "1",
                    "PATH": "/usr/local/bin:/usr/bin:/bin",
                    "LANG": "C.UTF-8",
                },
                cwd=self.root,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C is for the command, which stops its services in order.
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process's id."""
        if self._process is None:
            raise CommandFailed(f"{self.name} was not started.")
        return self._process.pid

    @property
    def ended(self) -> int | None:
        """Its exit code, once it has ended."""
        return None if self._process is None else self._process.poll()

    def wait_until_ready(self, seconds: float = READY_SECONDS) -> None:
        """Until it answers its readiness probe; raises CommandFailed with the end of its log."""
        deadline = time.monotonic() + seconds
        while not self.is_ready():
            if self.ended is not None or time.monotonic() > deadline:
                lines = self.log.read_text(errors="replace").splitlines()[-15:]
                raise CommandFailed(f"{self.name} did not start:\n" + "\n".join(lines))
            time.sleep(0.1)

    def is_ready(self) -> bool:
        """Whether it says that it can work."""
        try:
            url = f"http://127.0.0.1:{self.port}/health/ready"
            return requests.get(url, timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def kill(self) -> None:
        """End it as a crash would (-9)."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def terminate(self) -> None:
        """Ask it to stop; `wait` for it after."""
        if self._process is not None and self.ended is None:
            self._process.send_signal(signal.SIGTERM)

    def wait(self, seconds: float = STOP_SECONDS) -> int:
        """Its exit code; one that does not stop in time is ended."""
        if self._process is None:
            return 0
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return -signal.SIGKILL
