"""Keeps connections busy: one thread, one epoll, no parsing beyond status and length."""

import select
import time
from array import array
from collections import Counter

from services.cli.bench.load.connection import BrokenAnswer, Connection
from services.cli.bench.load.plan import ClosedPlan, Outcome

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
                poll.unregister(number)
                continue
            position[connection.number] = following
            if connection.over:
                del by_socket[number]
                connection.renew()
                by_socket[connection.sock.fileno()] = connection
                poll.register(connection.sock.fileno(), select.EPOLLIN)
            connection.sent_at = now
            connection.send(stream[following])
    ended, cpu = time.time(), time.process_time() - cpu
    for each in connections:
        each.close()
    return Outcome(started, ended, dict(statuses), latencies.tolist(), cpu)


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
