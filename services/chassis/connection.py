"""One HTTP/1.1 connection: read strictly, answered in one write, and used again.

It takes the place of eventlet's reading and writing, which cost more than most requests do.
What is not plainly right is refused and the connection closed, so that nothing in front of a
service can see other requests in the same bytes than the service does (RFC 9112).
"""

import re
import time
from collections.abc import Iterable
from email.utils import formatdate
from functools import lru_cache
from typing import Any, Protocol

from eventlet.wsgi import Input
from nameko.web.server import HttpOnlyProtocol
from werkzeug.wrappers import Response

LINE_BYTES = 8_192
HEAD_BYTES = 65_536
HEADERS = 100
DISCARDED_BYTES = 65_536

_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_TARGET = re.compile(rb"[^\x00-\x20\x7f]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_LENGTH = re.compile(r"[0-9]{1,15}")
_ONLY_ONCE = frozenset({"CONTENT_LENGTH", "CONTENT_TYPE", "HTTP_HOST", "HTTP_TRANSFER_ENCODING"})
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")

Environ = dict[str, Any]


class Unreadable(Exception):
    """The bytes are no request; the status says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Application(Protocol):
    """Whatever answers."""

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

    def handle_one_request(self) -> None:
        """Read a request, answer it, and be ready for the next."""
        self.close_connection = True
        try:
            environ = self._read_head()
        except Unreadable as fault:
            self._send(self.server.app.unreadable(fault.status), {})
            return
        if environ is None:
            return
        self.server.app.begin()
        try:
            self._send(self.server.app.answer(environ), environ)
        finally:
            self.server.app.end()

    def _read_head(self) -> Environ | None:
        """The request's environ; None where the client has gone. Raises Unreadable."""
        line = self.rfile.readline(LINE_BYTES + 1)
        if not line:
            return None
        if len(line) > LINE_BYTES:
            raise Unreadable(414)
        environ = self._read_request_line(line)
        size = len(line)
        for number in range(HEADERS + 1):
            line = self.rfile.readline(LINE_BYTES + 1)
            size += len(line)
            if line in {b"\r\n", b"\n"}:
                return self._with_body(environ)
            if size > HEAD_BYTES or len(line) > LINE_BYTES or number == HEADERS:
                raise Unreadable(431)
            if not line.endswith(b"\n"):
                return None
            _read_header(line, environ)
        raise AssertionError("unreachable")

    def _read_request_line(self, line: bytes) -> Environ:
        try:
            method, target, version = line.rstrip(b"\r\n").split(b" ")
        except ValueError:
            raise Unreadable(400) from None
        if not _TOKEN.fullmatch(method) or not _TARGET.fullmatch(target):
            raise Unreadable(400)
        if version not in {b"HTTP/1.1", b"HTTP/1.0"}:
            raise Unreadable(505 if version.startswith(b"HTTP/") else 400)
        path, _, query = target.partition(b"?")
        address, port = self.server.address[:2]
        return {
            "REQUEST_METHOD": method.decode("ascii"),
            "SCRIPT_NAME": "",
            "PATH_INFO": _unquoted(path).decode("latin-1"),
            "QUERY_STRING": query.decode("latin-1"),
            "SERVER_PROTOCOL": version.decode("ascii"),
            "SERVER_NAME": address,
            "SERVER_PORT": str(port),
            "REMOTE_ADDR": self.client_address[0],
            "wsgi.url_scheme": "http",
        }

    def _with_body(self, environ: Environ) -> Environ:
        length = environ.get("CONTENT_LENGTH")
        chunked = "HTTP_TRANSFER_ENCODING" in environ
        if length is not None and (chunked or not _LENGTH.fullmatch(length)):
            raise Unreadable(400)
        # A body without a length is refused by every route: what follows it cannot be read.
        asked = environ.get("HTTP_CONNECTION", "").lower()
        again = environ["SERVER_PROTOCOL"] == "HTTP/1.1" and "close" not in asked and not chunked
        self.close_connection = not again
        expects = environ.get("HTTP_EXPECT", "").lower() == "100-continue"
        environ["wsgi.input"] = Input(
            self.rfile,
            length or "0",
            self.connection,
            wfile=self.wfile if expects else None,
            wfile_line=b"HTTP/1.1 100 Continue\r\n" if expects else None,
        )
        return environ

    def _send(self, response: Response, environ: Environ) -> None:
        """The whole answer in one write, or piece by piece where it is made that way."""
        whole = response.is_sequence
        headers = response.get_wsgi_headers(environ)
        if headers.get("Connection") == "close" or not self._discard(environ):
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

    def _discard(self, environ: Environ) -> bool:
        """Read past a body nobody wanted; False where it is too long or was not asked for."""
        body = environ.get("wsgi.input")
        if body is None or self.close_connection:
            return False
        unread = body.content_length - body.position
        if not unread:
            return True
        if body.should_send_hundred_continue or unread > DISCARDED_BYTES:
            return False
        body.discard()
        return bool(body.content_length == body.position)


def _read_header(line: bytes, environ: Environ) -> None:
    name, colon, value = line.partition(b":")
    value = value.strip(b" \t\r\n")
    if not colon or not _TOKEN.fullmatch(name) or _CONTROL.search(value):
        raise Unreadable(400)
    key = _environ_key(name)
    if key is None:
        return
    if key not in environ:
        environ[key] = value.decode("latin-1")
    elif key in _ONLY_ONCE:
        raise Unreadable(400)
    else:
        environ[key] += "," + value.decode("latin-1")


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


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)
