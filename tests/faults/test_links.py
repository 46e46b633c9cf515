"""The links between the services do what the faults ask of them."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

import eventlet
import pytest

from tests.faults.harness.links import Links

Call = Callable[[int], socket.socket]


class Echo:
    """A server that says its name to each caller, then whatever it hears."""

    def __init__(self, name: bytes) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._name = name
        self._threads = [eventlet.spawn(self._serve)]

    def close(self) -> None:
        for thread in self._threads:
            thread.kill()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            caller, _ = self._listener.accept()
            caller.sendall(self._name)
            self._threads.append(eventlet.spawn(self._talk, caller))

    def _talk(self, caller: socket.socket) -> None:
        with caller, suppress(OSError):
            while heard := caller.recv(1024):
                caller.sendall(heard)


@pytest.fixture(scope="module")
def links() -> Iterator[Links]:
    links = Links()
    yield links
    links.close()


@pytest.fixture
def echo() -> Iterator[Echo]:
    echo = Echo(b"a")
    yield echo
    echo.close()


@pytest.fixture
def call() -> Iterator[Call]:
    with ExitStack() as callers:

        def connect(port: int) -> socket.socket:
            caller = socket.create_connection(("127.0.0.1", port), timeout=5)
            return callers.enter_context(caller)

        yield connect


def hangs(caller: socket.socket) -> bool:
    caller.settimeout(0.2)
    try:
        caller.recv(1)
    except TimeoutError:
        return True
    finally:
        caller.settimeout(5)
    return False


def ended(call_or_answer: Callable[[], bytes]) -> bool:
    try:
        return call_or_answer() == b""  # eventlet's sockets say so of a reset
    except ConnectionResetError:
        return True


def test_callers_are_shared_out_and_a_target_that_is_gone_is_passed_over(
    links: Links, call: Call
) -> None:
    one, other = Echo(b"1"), Echo(b"2")
    port = links.open("shared", [one.port, other.port])

    assert {call(port).recv(1) for _ in range(4)} == {b"1", b"2"}
    other.close()
    assert {call(port).recv(1) for _ in range(4)} == {b"1"}
    one.close()


def test_a_cut_link_resets_what_stands_and_refuses_what_comes(
    links: Links, echo: Echo, call: Call
) -> None:
    port = links.open("cut", [echo.port])
    caller = call(port)
    assert caller.recv(1) == b"a"

    links.cut("cut")

    assert ended(lambda: caller.recv(1))
    assert ended(lambda: call(port).recv(1))
    links.heal("cut")
    assert call(port).recv(1) == b"a"


def test_a_black_hole_keeps_connections_and_gives_back_what_it_swallowed(
    links: Links, echo: Echo, call: Call
) -> None:
    caller = call(links.open("hole", [echo.port]))
    assert caller.recv(1) == b"a"

    links.black_hole("hole")
    caller.sendall(b"lost?")
    assert hangs(caller)
    links.heal("hole")

    assert caller.recv(5) == b"lost?"


def test_a_slow_link_takes_its_time(links: Links, echo: Echo, call: Call) -> None:
    caller = call(links.open("slow", [echo.port]))
    assert caller.recv(1) == b"a"

    links.slow("slow", delay=0.2, rate=1e6)
    began = time.monotonic()
    caller.sendall(b"x")

    assert caller.recv(1) == b"x"
    assert time.monotonic() - began >= 0.4
    links.heal("slow")


def test_a_name_that_fits_no_link_is_a_mistake_of_the_plan(links: Links) -> None:
    with pytest.raises(KeyError):
        links.cut("nowhere")
