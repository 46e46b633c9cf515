"""One HTTP/1.1 connection: requests are answered in turn, each in one write.

It takes the place of eventlet's reading and writing, which cost more than most requests do.
"""

import random
import time
from collections.abc import Iterable
from email.utils import formatdate
from functools import lru_cache
from typing import Protocol

from nameko.web.server import HttpOnlyProtocol
from werkzeug.wrappers import Response

from services.chassis.incoming import Environ, Incoming, RequestReader, Unreadable

DISCARDED_BYTES = 65_536
KEPT_SECONDS = 10.0
"""How long a connection is kept at most: who then comes back finds processes that are new."""


class Application(Protocol):
    """Whatever answers."""

    @property
    def stopping(self) -> bool:
        """Whether a connection ends with the answer that is on its way."""
        ...

    def answer(self, environ: Environ) -> Response:
        """The answer to one request; never raises."""
        ...

    def unreadable(self, status: int) -> Response:
        """The answer where nothing can be read."""
        ...

    def begin(self) -> None:
        """A request has been read."""
        ...

    def end(self) -> None:
        """Its answer has been sent."""
        ...


class HttpConnection(HttpOnlyProtocol):
    """Serves one connection until it is closed by either side."""

    def handle(self) -> None:
        """Read a request, answer it, and be ready for the next."""
        reader = RequestReader(self.connection.recv)
        self.close_connection = False
        self._ends = time.monotonic() + KEPT_SECONDS * random.uniform(0.5, 1.0)
        while not self.close_connection:
            try:
                incoming = reader.next()
            except Unreadable as fault:
                self._send(self.server.app.unreadable(fault.status), None)
                return
            if incoming is None:
                return
            self._answer(incoming)

    def _answer(self, incoming: Incoming) -> None:
        address, port = self.server.address[:2]
        incoming.environ["SERVER_NAME"], incoming.environ["SERVER_PORT"] = address, str(port)
        incoming.environ["REMOTE_ADDR"] = self.client_address[0]
        incoming.before_reading(self._invite)
        self.close_connection = not incoming.again
        self.server.app.begin()
        try:
            self._send(self.server.app.answer(incoming.environ), incoming)
        finally:
            self.server.app.end()

    def _invite(self) -> None:
        self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _send(self, response: Response, incoming: Incoming | None) -> None:
        """The whole answer in one write, or piece by piece where it is made that way."""
        whole = response.is_sequence
        environ: Environ = incoming.environ if incoming else {}
        headers = response.get_wsgi_headers(environ)
        closes = headers.get("Connection") == "close" or self.server.app.stopping
        closes = closes or time.monotonic() > self._ends
        if closes or not incoming or not self._discard(incoming):
            self.close_connection = True
        lines = [f"HTTP/1.1 {response.status}"]
        lines += [f"{name}: {value}" for name, value in headers if name != "Connection"]
        if "Date" not in headers:
            lines.append(f"Date: {_date(int(time.time()))}")
        if self.close_connection:
            lines.append("Connection: close")
        silent = environ.get("REQUEST_METHOD") == "HEAD" or response.status_code in {204, 304}
        chunked = not whole and not silent and "Content-Length" not in headers
        if chunked:
            lines.append("Transfer-Encoding: chunked")
        head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        try:
            if silent:
                self.connection.sendall(head)
            elif whole:
                self.connection.sendall(head + response.get_data())
            else:
                self._send_pieces(head, response.iter_encoded(), chunked=chunked)
        finally:
            response.close()

    def _send_pieces(self, head: bytes, pieces: Iterable[bytes], *, chunked: bool) -> None:
        self.connection.sendall(head)
        for piece in pieces:
            if piece:
                framed = b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece
                self.connection.sendall(framed)
        if chunked:
            self.connection.sendall(b"0\r\n\r\n")

    def _discard(self, incoming: Incoming) -> bool:
        """Read past a body nobody wanted; False where it is too long or was not asked for."""
        unread = incoming.length - incoming.position
        if self.close_connection or incoming.awaited or unread > DISCARDED_BYTES:
            return False
        return len(incoming.read()) == unread


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)
