"""Sends each request at its moment and looks for what it leads to; slow answers delay nothing."""

import heapq
import select
import time
from collections import Counter, defaultdict

from services.cli.bench.load.connection import BrokenAnswer, Connection
from services.cli.bench.load.plan import OpenPlan, Outcome

# Nothing came for so long: the server hangs.
PATIENCE = 60.0
# Requests that look for a sign have the numbers below zero: -1 is the look for arrival 0.


class OpenLoop:
    """One run of a plan; a request takes an idle connection, or a new one."""

    def __init__(self, plan: OpenPlan) -> None:
        self._plan = plan
        self._poll = select.epoll()
        self._by_socket: dict[int, Connection] = {}
        self._idle: defaultdict[int, list[Connection]] = defaultdict(list)
        self._due = [(second, at) for at, (_, second, _) in enumerate(plan.arrivals)]
        heapq.heapify(self._due)
        self._status = [0] * len(plan.arrivals)
        self._latency = [0.0] * len(plan.arrivals)
        self._seen: dict[int, float] = {}
        self._open = self._looks = 0
        self._begun = 0.0

    def run(self) -> Outcome:
        """Until everything is answered and every sign is seen or given up; raises BrokenAnswer."""
        cpu, started, self._begun = time.process_time(), time.time(), time.perf_counter()
        while self._due or self._open:
            wait = self._due[0][0] - self._now() if self._due else PATIENCE
            if wait <= 0:
                self._send(heapq.heappop(self._due)[1])
            else:
                self._take(wait)
        ended, cpu = time.time(), time.process_time() - cpu
        for each in self._by_socket.values():
            each.close()
        statuses = dict(Counter(self._status))
        return Outcome(started, ended, statuses, self._latency, cpu, self._seen, self._looks)

    def _now(self) -> float:
        return time.perf_counter() - self._begun

    def _send(self, number: int) -> None:
        if number < 0:
            follow = self._plan.follows[-number - 1]
            port, request = follow.port, follow.request
            self._looks += 1
        else:
            port, _, request = self._plan.arrivals[number]
        idle = self._idle[port]
        connection = idle.pop() if idle else self._connect(port)
        connection.number = number
        connection.send(request)
        self._open += 1

    def _connect(self, port: int) -> Connection:
        connection = Connection(port)
        self._by_socket[connection.sock.fileno()] = connection
        self._poll.register(connection.sock.fileno(), select.EPOLLIN)
        return connection

    def _drop(self, connection: Connection) -> None:
        """The server has ended it, as it may."""
        self._poll.unregister(connection.sock.fileno())
        del self._by_socket[connection.sock.fileno()]
        connection.close()

    def _take(self, wait: float) -> None:
        ready = self._poll.poll(wait)
        if not ready and not self._due:
            raise BrokenAnswer(f"{self._open} requests were not answered in {PATIENCE:.0f} s")
        for descriptor, _ in ready:
            connection = self._by_socket[descriptor]
            if connection in self._idle[connection.port]:
                self._idle[connection.port].remove(connection)
                self._drop(connection)
            elif status := connection.receive():
                self._open -= 1
                if connection.over:
                    self._drop(connection)
                else:
                    self._idle[connection.port].append(connection)
                if connection.number < 0:
                    self._looked(-connection.number - 1, connection.answer)
                else:
                    self._answered(connection.number, status)

    def _answered(self, number: int, status: int) -> None:
        now = self._now()
        self._status[number] = status
        self._latency[number] = now - self._plan.arrivals[number][1]
        if number in self._plan.follows:
            heapq.heappush(self._due, (now, -number - 1))

    def _looked(self, number: int, answer: bytes) -> None:
        now = self._now()
        waited = now - self._plan.arrivals[number][1]
        if self._plan.follows[number].sign in answer:
            self._seen[number] = waited
        elif waited < self._plan.patience:
            # Looking ever more often at what is late would itself make the rest late.
            pause = max(self._plan.pause, waited / 10)
            heapq.heappush(self._due, (now + pause, -number - 1))
