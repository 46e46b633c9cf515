"""The handles of the proxy process: which links there are, and what is done to them."""

import fnmatch
import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]


class Links:
    """Named links through one proxy process; names may hold wildcards where links are changed."""

    def __init__(self) -> None:
        self._ports: dict[str, int] = {}
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.harness.proxy"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def open(self, name: str, targets: Sequence[int], port: int = 0) -> int:
        """A new link to these ports; returns its own."""
        self._ports[name] = int(self._tell(do="open", name=name, targets=targets, port=port))
        return self._ports[name]

    def cut(self, pattern: str) -> None:
        """Connections are reset, and new ones too."""
        self._change(pattern, mode="cut")

    def black_hole(self, pattern: str) -> None:
        """Connections stand, and nothing passes."""
        self._change(pattern, mode="hole")

    def slow(self, pattern: str, *, delay: float, rate: float) -> None:
        """Everything takes `delay` seconds longer; `rate` bytes a second at most."""
        self._change(pattern, mode="open", delay=delay, rate=rate)

    def heal(self, pattern: str = "*") -> None:
        """As it was at the beginning; what a black hole kept arrives now."""
        self._change(pattern, mode="open")

    def drop(self, pattern: str) -> None:
        """What stands is reset; new connections are welcome."""
        self._change(pattern, mode="cut")
        self._change(pattern, mode="open")

    def retarget(self, pattern: str, targets: Sequence[int]) -> None:
        """The server behind has another port now."""
        self._change(pattern, mode="open", targets=targets)

    def port(self, name: str) -> int:
        """Where a link listens."""
        return self._ports[name]

    def close(self) -> None:
        """End the proxy."""
        with suppress(OSError):
            self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _change(self, pattern: str, **how: Any) -> None:
        names = fnmatch.filter(self._ports, pattern)
        if not names:
            raise KeyError(pattern)
        self._tell(do="set", names=names, **how)

    def _tell(self, **command: Any) -> Any:
        with self._lock:
            print(json.dumps(command), file=self._process.stdin, flush=True)
            answer = self._process.stdout.readline()
        return json.loads(answer)
