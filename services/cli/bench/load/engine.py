"""Sends the plans: one thread, one epoll, no parsing beyond status and length."""

import select
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence

from services.cli.bench.load.connection import BrokenAnswer, Connection
from services.cli.bench.load.plan import ClosedPlan, OpenPlan, Outcome

# Nothing came for so long: the server hangs.
PATIENCE = 60.0


def send_closed(plan: ClosedPlan) -> Outcome:
    """Keep every connection busy; raises BrokenAnswer."""
    connections = [Connection(port, at) for at, port in enumerate(plan.ports)]
    by_socket = {each.sock.fileno(): each for each in connections}
    poll = _watching(by_socket)
    statuses: Counter[int] = Counter()
    latencies = array("d")
    position = [0] * len(connections)
    busy, clock = len(connections), time.perf_counter
    started, cpu, begun = time.time(), time.process_time(), clock()
    deadline = begun + plan.seconds if plan.seconds else None
    for each in connections:
        each.sent_at = clock()
        each.send(plan.streams[each.number][0])
    while busy:
        for number, _ in _ready(poll):
            connection = by_socket[number]
            status = connection.receive()
            if not status:
                continue
            now = clock()
            statuses[status] += 1
            latencies.append(now - connection.sent_at)
            stream = plan.streams[connection.number]
            following = position[connection.number] + 1
            if deadline is not None:
                following %= len(stream)
            if (deadline is not None and now >= deadline) or following >= len(stream):
                busy -= 1
                continue
            position[connection.number] = following
            connection.sent_at = now
            connection.send(stream[following])
    ended, cpu = time.time(), time.process_time() - cpu
    for each in connections:
        each.close()
    return Outcome(started, ended, dict(statuses), latencies.tolist(), cpu)


def send_open(plan: OpenPlan) -> Outcome:
    """Each request at its moment, on an idle connection or a new one; raises BrokenAnswer."""
    return _OpenLoop(plan).run()


class _OpenLoop:
    def __init__(self, plan: OpenPlan) -> None:
        self._arrivals = plan.arrivals
        self._poll = select.epoll()
        self._by_socket: dict[int, Connection] = {}
        self._idle: defaultdict[int, list[Connection]] = defaultdict(list)
        self._status = [0] * len(plan.arrivals)
        self._latency = [0.0] * len(plan.arrivals)
        self._open = 0

    def run(self) -> Outcome:
        cpu, started, begun = time.process_time(), time.time(), time.perf_counter()
        following = 0
        while following < len(self._arrivals) or self._open:
            wait = PATIENCE
            if following < len(self._arrivals):
                port, second, request = self._arrivals[following]
                wait = begun + second - time.perf_counter()
                if wait <= 0:
                    self._send(port, following, request, begun + second)
                    following += 1
                    continue
            self._take(min(wait, PATIENCE), following < len(self._arrivals))
        ended = time.time()
        for each in self._by_socket.values():
            each.close()
        moments = [(started + second, at) for (_, second, _), at in self._paired()]
        statuses = Counter(self._status)
        cpu = time.process_time() - cpu
        return Outcome(started, ended, dict(statuses), self._latency, cpu, moments)

    def _paired(self) -> Sequence[tuple[tuple[int, float, bytes], int]]:
        return list(zip(self._arrivals, self._status, strict=True))

    def _send(self, port: int, arrival: int, request: bytes, meant_at: float) -> None:
        idle = self._idle[port]
        connection = idle.pop() if idle else self._connect(port)
        connection.number, connection.sent_at = arrival, meant_at
        connection.send(request)
        self._open += 1

    def _connect(self, port: int) -> Connection:
        connection = Connection(port)
        self._by_socket[connection.sock.fileno()] = connection
        self._poll.register(connection.sock.fileno(), select.EPOLLIN)
        return connection

    def _take(self, wait: float, more_to_come: bool) -> None:
        ready = self._poll.poll(max(wait, 0.0))
        if not ready and not more_to_come:
            raise BrokenAnswer(f"{self._open} requests were not answered in {PATIENCE:.0f} s")
        for number, _ in ready:
            connection = self._by_socket[number]
            if status := connection.receive():
                at = connection.number
                self._status[at] = status
                self._latency[at] = time.perf_counter() - connection.sent_at
                self._idle[connection.port].append(connection)
                self._open -= 1


def _watching(sockets: dict[int, Connection]) -> select.epoll:
    poll = select.epoll()
    for number in sockets:
        poll.register(number, select.EPOLLIN)
    return poll


def _ready(poll: select.epoll) -> list[tuple[int, int]]:
    ready = poll.poll(PATIENCE)
    if not ready:
        raise BrokenAnswer(f"no answer came in {PATIENCE:.0f} s")
    return ready
