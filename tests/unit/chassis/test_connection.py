"""What a connection takes for a request, what it refuses, and when it can be used again."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import eventlet
import pytest
from eventlet import wsgi
from eventlet.green import socket
from werkzeug.wrappers import Response

from services.chassis import connection, incoming
from services.chassis.connection import HttpConnection
from services.chassis.incoming import RequestReader

Exchange = Callable[[bytes], bytes]
ASKED = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"


class Echo:
    """Answers with what it was asked; reads a body only where the path says so."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.open = 0
        self.stopping = False

    def begin(self) -> None:
        self.open += 1

    def end(self) -> None:
        self.open -= 1

    def answer(self, environ: dict[str, Any]) -> Response:
        self.asked.append(environ)
        path = environ["PATH_INFO"]
        if path == "/nothing":
            return Response(status=204)
        if path == "/pieces":
            return Response(iter(["one", "", "two"]))
        body = environ["wsgi.input"].read() if path == "/read" else b""
        return Response(json.dumps({"path": path, "body": body.decode()}))

    def unreadable(self, status: int) -> Response:
        return Response("unreadable", status=status)


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def exchange(echo: Echo) -> Iterator[Exchange]:
    """Sends bytes on a new connection, hangs up its side, and returns all that came back."""
    listener = eventlet.listen(("127.0.0.1", 0))
    address = listener.getsockname()
    server = wsgi.Server(listener, address, echo, protocol=HttpConnection, socket_timeout=5)

    def serve() -> None:
        while True:
            sock, client = listener.accept()
            eventlet.spawn(server.process_request, [client, sock, wsgi.STATE_IDLE])

    def send(sent: bytes) -> bytes:
        with socket.create_connection(address, timeout=5) as caller:
            caller.sendall(sent)
            caller.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: caller.recv(65_536), b""))

    thread = eventlet.spawn(serve)
    yield send
    thread.kill()
    listener.close()
    assert echo.open == 0


def statuses(came: bytes) -> list[int]:
    return [int(part[:3]) for part in came.split(b"HTTP/1.1 ")[1:]]


def test_requests_on_one_connection_are_answered_in_turn(exchange: Exchange, echo: Echo) -> None:
    came = exchange(ASKED + ASKED.replace(b"/a", b"/b?c=d"))

    assert statuses(came) == [200, 200]
    assert [(each["PATH_INFO"], each["QUERY_STRING"]) for each in echo.asked] == [
        ("/a", ""),
        ("/b", "c=d"),
    ]


def test_while_the_service_stops_the_connection_ends_with_its_answer(
    exchange: Exchange, echo: Echo
) -> None:
    echo.stopping = True

    came = exchange(ASKED + ASKED)

    assert statuses(came) == [200]
    assert b"\r\nConnection: close\r\n" in came


def test_after_a_while_the_caller_is_sent_to_find_newer_processes(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "KEPT_SECONDS", 0.0)

    came = exchange(ASKED + ASKED)

    assert statuses(came) == [200]
    assert b"\r\nConnection: close\r\n" in came


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /a HTTP/1.0\r\n\r\n",
        b"GET /a HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        b"POST /a HTTP/1.1\r\nContent-Length: 100000\r\n\r\n" + b"x" * 100_000,
    ],
)
def test_after_some_requests_the_connection_is_over(
    exchange: Exchange, echo: Echo, sent: bytes
) -> None:
    came = exchange(sent + ASKED)

    assert statuses(came) == [200]
    assert b"\r\nConnection: close\r\n" in came
    assert len(echo.asked) == 1


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x16\x03\x01\x02\n", 400),
        (b"GET\r\n\r\n", 400),
        (b"GET /a b HTTP/1.1\r\n\r\n", 400),
        (b"G(T /a HTTP/1.1\r\n\r\n", 400),
        (b"GET /\x00 HTTP/1.1\r\n\r\n", 400),
        (b"GET /a HTTP/2.0\r\n\r\n", 505),
        (b"GET /a SPDY/1\r\n\r\n", 400),
        (b"GET /a HTTP/1.1\r\nNo colon\r\n\r\n", 400),
        (b"GET /a HTTP/1.1\r\nSpace : x\r\n\r\n", 400),
        (b"GET /a HTTP/1.1\r\n: x\r\n\r\n", 400),
        (b"GET /a HTTP/1.1\r\nA: b\r\n folded\r\n\r\n", 400),
        (b"GET /a HTTP/1.1\r\nA: b\x00c\r\n\r\n", 400),
        (b"GET /a HTTP/1.1\r\nA: b\rX: y\r\n\r\n", 400),
        (b"GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"POST /a HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        (b"POST /a HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\na", 400),
        (b"POST /a HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST /a HTTP/1.1\r\nContent-Length: +1\r\n\r\na", 400),
        (b"POST /a HTTP/1.1\r\nContent-Length: 0x1\r\n\r\na", 400),
        (
            b"POST /a HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
        ),
        (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET /a HTTP/1.1\r\nA: " + b"b" * 9_000 + b"\r\n\r\n", 431),
        (b"GET /a HTTP/1.1\r\n" + b"A: b\r\n" * 101 + b"\r\n", 431),
        (b"GET /a HTTP/1.1\r\n" + (b"A: " + b"b" * 8_000 + b"\r\n") * 9 + b"\r\n", 431),
    ],
)
def test_what_is_no_plain_request_is_refused_and_nothing_after_it_is_read(
    exchange: Exchange, echo: Echo, sent: bytes, status: int
) -> None:
    came = exchange(sent + ASKED)

    assert statuses(came) == [status]
    assert b"\r\nConnection: close\r\n" in came
    assert echo.asked == []


@pytest.mark.parametrize("sent", [b"", b"GET", b"GET /a HTTP/1.1\r\nA: b", b"GET /a HTTP/1.1\r\n"])
def test_a_client_that_stops_in_between_is_answered_nothing(
    exchange: Exchange, echo: Echo, sent: bytes
) -> None:
    came = exchange(sent)

    assert b"200" not in came
    assert echo.asked == []


def test_a_name_with_an_underscore_does_not_pass_for_another(
    exchange: Exchange, echo: Echo
) -> None:
    exchange(b"GET /a HTTP/1.1\r\nX_Forwarded_For: 203.0.113.9\r\nA: 1\r\nA: 2\r\n\r\n")

    [asked] = echo.asked
    assert "HTTP_X_FORWARDED_FOR" not in asked
    assert asked["HTTP_A"] == "1,2"


def test_paths_are_unquoted_and_queries_are_not(exchange: Exchange, echo: Echo) -> None:
    exchange(b"GET /%E6%83%A0%2f%zz?a=%20b HTTP/1.1\r\n\r\n")

    [asked] = echo.asked
    assert asked["PATH_INFO"].encode("latin-1").decode() == "/惠/%zz"
    assert asked["QUERY_STRING"] == "a=%20b"


def test_a_body_nobody_wanted_is_read_past(exchange: Exchange, echo: Echo) -> None:
    came = exchange(b"POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello" + ASKED)

    assert statuses(came) == [200, 200]
    assert len(echo.asked) == 2


def test_a_body_is_asked_for_where_the_client_waits_to_be(exchange: Exchange) -> None:
    head = b"POST %s HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"

    wanted = exchange(head % b"/read" + b"hello")
    unwanted = exchange(head % b"/a")

    assert statuses(wanted) == [100, 200]
    assert b'"hello"' in wanted
    assert statuses(unwanted) == [200]
    assert b"\r\nConnection: close\r\n" in unwanted


def test_an_answer_made_in_pieces_is_sent_in_chunks(exchange: Exchange) -> None:
    came = exchange(ASKED.replace(b"/a", b"/pieces") + ASKED)

    assert b"\r\nTransfer-Encoding: chunked\r\n" in came
    assert b"\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n" in came
    assert statuses(came) == [200, 200]


def test_some_answers_have_no_body(exchange: Exchange) -> None:
    head = exchange(ASKED.replace(b"GET", b"HEAD") + ASKED)
    nothing = exchange(ASKED.replace(b"/a", b"/nothing"))

    assert statuses(head) == [200, 200]
    assert head.count(b"Content-Length: 26\r\n") == 2
    assert head.count(b'"path"') == 1
    assert nothing.endswith(b"\r\n\r\n")
    assert b"Content-Length" not in nothing
    assert b"chunked" not in nothing


def test_a_head_that_comes_by_drops_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds = iter(range(0, 10_000, 10))
    drops = [b"GET /a HTTP/1.1\r\n", *[b"A: b\r\n"] * 50]
    left = iter(drops)
    monkeypatch.setattr(incoming, "monotonic", lambda: next(seconds))

    assert RequestReader(lambda _size: next(left)).next() is None
    assert len(list(left)) > 30
