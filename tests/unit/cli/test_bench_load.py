"""The load generator against a server of a few lines, each in a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from services.cli.bench.bookings import FreeSlot, shared_among
from services.cli.bench.load.plan import ClosedPlan, Follow, OpenPlan, request_bytes
from services.cli.bench.load.sending import expect, send
from services.cli.errors import CommandFailed

# Answers 201 to POST; /later says "there" from the third time on; /rude hangs up unanswered; /last
# ends the connection with its answer.
SERVER = """
import http.server, socketserver
class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version, looks = "HTTP/1.1", 0
    def log_message(self, *_): pass
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"])); self.say(201, b"{}")
    def do_GET(self):
        if self.path == "/rude":
            self.connection.close(); self.close_connection = True; return
        if self.path == "/later":
            Answer.looks += 1
        there = self.path != "/later" or Answer.looks >= 3
        self.say(200, b"there" if there else b"not yet")
    def say(self, status, body):
        self.send_response(status); self.send_header("Content-Length", str(len(body)))
        if self.path == "/last":
            self.send_header("Connection", "close")
        self.end_headers(); self.wfile.write(body)
class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads, request_queue_size = True, 64
server = Server(("127.0.0.1", 0), Answer)
print(server.server_address[1], flush=True)
server.serve_forever()
"""
GET = request_bytes("GET", "/")
POST = request_bytes("POST", "/", token="t", body=b'{"a":1}', headers={"Idempotency-Key": "k"})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True)
    assert server.stdout
    with server:
        yield int(server.stdout.readline())
        server.kill()


def test_a_request_is_written_out_whole() -> None:
    assert POST == (
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer t\r\n"
        b"Content-Type: application/json\r\nContent-Length: 7\r\nIdempotency-Key: k\r\n\r\n"
        b'{"a":1}'
    )


def test_every_request_of_a_closed_plan_is_answered_once(port: int) -> None:
    outcome = send(ClosedPlan([port] * 3, [[GET, POST], [POST], [GET, GET, GET]]))

    assert outcome.statuses == {200: 4, 201: 2}
    assert len(outcome.latencies) == 6
    assert all(latency > 0 for latency in outcome.latencies)


def test_a_plan_with_a_time_repeats_its_streams(port: int) -> None:
    outcome = send(ClosedPlan([port] * 2, [[GET], [GET]], seconds=0.2))

    assert outcome.answered > 2
    assert outcome.seconds >= 0.2


def test_arrivals_do_not_wait_for_one_another_and_are_followed_until_the_sign(port: int) -> None:
    arrivals = [(port, 0.1, POST), (port, 0.0, GET), (port, 0.1, GET)]
    follows = {0: Follow(port, request_bytes("GET", "/later"), b"there")}

    outcome = send(OpenPlan(arrivals, follows, pause=0.01))

    assert outcome.statuses == {200: 2, 201: 1}
    assert outcome.looks == 3
    assert list(outcome.seen) == [0]
    assert outcome.seen[0] > outcome.latencies[0]


def test_an_unexpected_status_fails_the_row(port: int) -> None:
    with pytest.raises(CommandFailed, match="200"):
        expect(send(ClosedPlan([port], [[GET]])), 201)


def test_a_server_that_hangs_up_fails_the_row(port: int) -> None:
    with pytest.raises(CommandFailed, match="load generator"):
        send(ClosedPlan([port], [[request_bytes("GET", "/rude")]]))


def test_a_connection_the_server_ends_is_made_again(port: int) -> None:
    last = request_bytes("GET", "/last")

    closed = send(ClosedPlan([port] * 2, [[last, POST, last], [last, last]]))
    arrivals = [(port, 0.1 * at, request) for at, request in enumerate([last, POST, last])]
    opened = send(OpenPlan(arrivals, {0: Follow(port, last, b"there")}, pause=0.01))

    assert closed.statuses == {200: 4, 201: 1}
    assert opened.statuses == {200: 2, 201: 1}
    assert list(opened.seen) == [0]


def a_slot(number: int, hour: int) -> FreeSlot:
    starts_at = datetime(2030, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
    return FreeSlot(str(number), "video", starts_at, starts_at + timedelta(minutes=50))


def test_no_worker_is_given_two_slots_at_a_time() -> None:
    slots = [a_slot(number, hour=number // 4) for number in range(40)]

    diaries = shared_among(slots, 4, 9)

    assert all(len(diary.slots) == 9 for diary in diaries)
    assert all(len({slot.starts_at for slot in diary.slots}) == 9 for diary in diaries)
    assert len({slot.id for diary in diaries for slot in diary.slots}) == 36


def test_too_few_slots_are_said() -> None:
    with pytest.raises(CommandFailed, match="too few"):
        shared_among([a_slot(1, 0), a_slot(2, 0)], 2, 2)
