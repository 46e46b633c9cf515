"""Celery's `apply_async`, from several threads, so that its waits for confirms overlap.

There is no outbox: what a crash loses between commit and publish stays lost, which is cheaper.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from services.cli.bench.peers.celery_app import TASK, app, on_event
from services.cli.bench.peers.task import documents, say_ready, wait_for_go

THREADS = 8


def send(events: list[dict[str, Any]]) -> None:
    """One after the other over a connection of this thread's own."""
    with app.connection_for_write() as connection, app.amqp.Producer(connection) as producer:
        for event in events:
            on_event.apply_async((event,), producer=producer)


def main() -> None:
    """All of them."""
    events = list(documents(TASK.events))
    shares = [events[at::THREADS] for at in range(THREADS)]
    say_ready()
    wait_for_go()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(send, shares))
    wait_for_go()


if __name__ == "__main__":
    main()
