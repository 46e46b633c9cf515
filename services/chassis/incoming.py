"""Requests out of a connection's bytes: llhttp (httptools) says what HTTP is, the limits are ours.

What it does not read plainly is refused and nothing after it is read, so that nothing in front of
a service can see other requests in the same bytes than the service does (RFC 9112).
"""

import re
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from time import monotonic
from typing import Any

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

LINE_BYTES = 8_192
HEAD_BYTES = 65_536
HEADERS = 100
RECEIVE_BYTES = 65_536
# From a request's first byte to its last, however steadily it drips.
REQUEST_SECONDS = 120

_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_ONLY_ONCE = frozenset({"CONTENT_LENGTH", "CONTENT_TYPE", "HTTP_HOST", "HTTP_TRANSFER_ENCODING"})

Environ = dict[str, Any]


class Unreadable(Exception):
    """The bytes are no request; the status says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Incoming:
    """A request whose head has been read, and its body as far as somebody asked for it."""

    def __init__(self, more: Callable[[], bool]) -> None:
        self.target = b""
        self.environ: Environ = {}
        self.length = 0
        self.complete = self.again = self.awaited = False
        self.position = 0
        self._size = self._count = 0
        self._more = more
        self._invite: Callable[[], None] | None = None
        self._body = bytearray()

    def add_target(self, part: bytes) -> None:
        """A part of the request line's target; raises Unreadable."""
        self.target += part
        self._size += len(part)
        if len(self.target) > LINE_BYTES:
            raise Unreadable(414)

    def add_header(self, name: bytes, value: bytes) -> None:
        """A header as it stands; raises Unreadable."""
        self._count += 1
        self._size += len(name) + len(value)
        if len(value) > LINE_BYTES or self._count > HEADERS or self._size > HEAD_BYTES:
            raise Unreadable(431)
        key = _environ_key(name)
        if key is None:
            return
        if key not in self.environ:
            self.environ[key] = value.decode("latin-1")
        elif key in _ONLY_ONCE:
            raise Unreadable(400)
        else:
            self.environ[key] += "," + value.decode("latin-1")

    def end_head(self, method: bytes, version: str, *, again: bool) -> None:
        """The head is whole; raises Unreadable where its version is none of ours."""
        if version not in {"1.0", "1.1"}:
            raise Unreadable(505)
        path, _, query = self.target.partition(b"?")
        self.environ.update(
            {
                "REQUEST_METHOD": method.decode("ascii"),
                "SCRIPT_NAME": "",
                "PATH_INFO": _unquoted(path).decode("latin-1"),
                "QUERY_STRING": query.decode("latin-1"),
                "SERVER_PROTOCOL": f"HTTP/{version}",
                "wsgi.url_scheme": "http",
                "wsgi.input": self,
            }
        )
        self.length = int(self.environ.get("CONTENT_LENGTH", "0"))
        self.awaited = self.environ.get("HTTP_EXPECT", "").lower() == "100-continue"
        # A body without a length is refused by every route: what follows it is not read.
        self.again = again and "HTTP_TRANSFER_ENCODING" not in self.environ

    def add_body(self, part: bytes) -> None:
        """A part of the body, as it came."""
        self._body += part

    def before_reading(self, invite: Callable[[], None]) -> None:
        """Whom to call where the client waits to be asked for its body."""
        self._invite = invite

    def read(self, size: int = -1) -> bytes:
        """So many bytes of the body, fewer where the client stops sending; all by default."""
        wanted = self.length - self.position if size < 0 else size
        if self.awaited and self._invite:
            self.awaited = False
            self._invite()
        while len(self._body) < wanted and not self.complete and self._more():
            pass
        found = bytes(self._body[:wanted])
        del self._body[:wanted]
        self.position += len(found)
        return found


class RequestReader:
    """Reads requests one after the other; `receive(size)` gives bytes, none at the end."""

    def __init__(self, receive: Callable[[int], bytes]) -> None:
        self._receive = receive
        self._parser = HttpRequestParser(self)
        self._ready: deque[Incoming] = deque()
        self._open: Incoming | None = None
        self._head_open = False
        self._began, self._head_bytes = 0.0, 0
        self._fault: Unreadable | None = None

    def next(self) -> Incoming | None:
        """The next request once its head is there; None where the client has gone.

        Raises Unreadable, and then reads nothing more.
        """
        while not self._ready:
            if self._fault:
                raise self._fault
            if not self._feed():
                return None
        return self._ready.popleft()

    def _feed(self) -> bool:
        if self._fault:
            return False
        data = self._receive(RECEIVE_BYTES)
        late = self._open is not None and monotonic() - self._began > REQUEST_SECONDS
        if not data or late:
            return False
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade:
            self._fault = Unreadable(400)  # what follows is another protocol
        except HttpParserError:
            self._fault = self._fault or Unreadable(400)
        self._head_bytes = self._head_bytes + len(data) if self._head_open else 0
        if self._head_bytes > HEAD_BYTES:
            self._fault = self._fault or Unreadable(431)
        return True

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        self._open = Incoming(self._feed)
        self._head_open, self._began = True, monotonic()

    def on_url(self, part: bytes) -> None:
        """A part of the target."""
        self._checked(lambda request: request.add_target(part))

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        self._checked(lambda request: request.add_header(name, value))

    def on_headers_complete(self) -> None:
        """The head is whole."""
        parser = self._parser
        again = parser.should_keep_alive() and not parser.should_upgrade()
        method, version = parser.get_method(), parser.get_http_version()
        self._checked(lambda request: request.end_head(method, version, again=again))
        self._head_open = False
        if self._open is not None:
            self._ready.append(self._open)

    def on_body(self, part: bytes) -> None:
        """A part of the body."""
        if self._open is not None:
            self._open.add_body(part)

    def on_message_complete(self) -> None:
        """The request is whole."""
        if self._open is not None:
            self._open.complete = True
        self._open = None

    def _checked(self, step: Callable[[Incoming], None]) -> None:
        # The parser stops at whatever a callback raises, and hides it.
        try:
            if self._open is not None:
                step(self._open)
        except Unreadable as fault:
            self._fault = fault
            raise


@lru_cache(maxsize=1024)
def _environ_key(name: bytes) -> str | None:
    """None for a name with an underscore: it would pass for the one with a hyphen."""
    if b"_" in name:
        return None
    key = name.decode("ascii").upper().replace("-", "_")
    return key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"


def _unquoted(path: bytes) -> bytes:
    if b"%" not in path:
        return path
    return _PERCENT.sub(lambda found: bytes([int(found[1], 16)]), path)
