"""A wire between a browser and the portal that a test can cut."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import eventlet

CHUNK = 64 * 1024


class Wire:
    """Passes bytes on until it is cut; after that nobody even listens."""

    def __init__(self, base: str) -> None:
        there = urlsplit(base)
        self._there = (there.hostname, there.port)
        self._listener = eventlet.listen(("127.0.0.1", 0))
        self._threads = [eventlet.spawn(self._serve)]
        self._sockets: list[Any] = []
        self.base = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut(self) -> None:
        """Everything that was open is closed."""
        for thread in self._threads:
            thread.kill()
        for each in (self._listener, *self._sockets):
            each.close()

    def _serve(self) -> None:
        while True:
            near, _ = self._listener.accept()
            far = eventlet.connect(self._there)
            self._sockets += [near, far]
            self._threads += [eventlet.spawn(_pump, near, far), eventlet.spawn(_pump, far, near)]


def _pump(source: Any, target: Any) -> None:
    try:
        while content := source.recv(CHUNK):
            target.sendall(content)
    except OSError:
        pass
    finally:
        target.close()


@contextmanager
def a_wire(base: str) -> Iterator[Wire]:
    """A wire to this address."""
    wire = Wire(base)
    try:
        yield wire
    finally:
        wire.cut()
