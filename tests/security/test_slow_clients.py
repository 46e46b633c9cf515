"""A client that says nothing, or half of something, holds no connection for ever."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from services.chassis import incoming, server
from services.chassis.service import Probes
from tests.support.apps import App, running


class Quiet(Probes):
    """A service that only says that it lives."""

    name = "booking"


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "IDLE_SECONDS", 0.3)
        patch.setattr(incoming, "REQUEST_SECONDS", 0.6)
        with running(None, [Quiet]) as app:
            yield app


def is_over(dripping: socket.socket) -> bool:
    """Whether the server has closed; one more byte if it has not."""
    try:
        if not dripping.recv(65536):
            return True
    except TimeoutError:
        dripping.sendall(b"x")
    except OSError:
        return True
    return False


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET",
        b"GET /health/live HTTP/1.1\r\n",
        b"GET /health/live HTTP/1.1\r\nHost: huixin\r\nX: ",
        b"GET /health/live HTTP/1.1\r\nHost: huixin\r\n\r\n",
        b"POST /health/live HTTP/1.1\r\nHost: huixin\r\nContent-Length: 99\r\n\r\nhalf",
    ],
    ids=["nothing", "a word", "a line", "half a header", "no second request", "half a body"],
)
def test_the_connection_is_closed_on_whoever_stops_talking(app: App, said: bytes) -> None:
    address = urlsplit(app.urls["booking"])

    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(said)
        while connection.recv(65536):
            pass  # ends when the server closes; the socket's own time limit would raise

    assert app.anybody().get("/health/live").status_code == 200


@pytest.mark.parametrize(
    "said",
    [
        b"GET /health/live HTTP/1.1\r\nHost: huixin\r\nX: ",
        b"POST /health/live HTTP/1.1\r\nHost: huixin\r\nContent-Length: 9999\r\n\r\n",
    ],
    ids=["a header", "a body"],
)
def test_a_drip_of_bytes_does_not_keep_a_connection_open(app: App, said: bytes) -> None:
    address = urlsplit(app.urls["booking"])

    with socket.create_connection((address.hostname, address.port), timeout=0.1) as dripping:
        dripping.sendall(said)
        assert any(is_over(dripping) for _ in range(100))


def test_connections_that_hang_hold_nobody_else_up(app: App) -> None:
    address = urlsplit(app.urls["booking"])
    place = (address.hostname or "", address.port or 0)
    hanging = [socket.create_connection(place, timeout=30) for _ in range(200)]
    for each in hanging:
        each.sendall(b"GET /health/live HTTP/1.1\r\nX-Slow: ")

    answer = app.anybody().get("/health/live")

    assert answer.status_code == 200
    for each in hanging:
        each.close()
