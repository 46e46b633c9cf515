"""nameko's own EventDispatcher: persistent messages, each awaits its confirm (nameko's default).

Ten workers dispatch side by side, each over a connection of its own, so that confirms overlap.
There is no outbox: what a crash loses between commit and dispatch stays lost, which is cheaper.
"""

import eventlet

eventlet.monkey_patch()

from collections.abc import Callable
from typing import Any

import kombu.pools
from eventlet.greenio import GreenPipe
from nameko import config
from nameko.containers import ServiceContainer
from nameko.events import EventDispatcher
from nameko.extensions import Entrypoint

from services.cli.bench.peers.task import TYPE, documents, say_ready, the_task

TASK = the_task()


class OnGo(Entrypoint):
    """Calls the method once in each worker, with the worker's share of the events."""

    def start(self) -> None:
        """Make the events before the clock starts."""
        events = list(documents(TASK.events))
        self._shares = [events[at :: TASK.width] for at in range(TASK.width)]
        self.container.spawn_managed_thread(self._run)

    def _run(self) -> None:
        say_ready()
        GreenPipe(0, "rb").readline()
        for share in self._shares:
            self.container.spawn_worker(self, (share,), {})


class PeerSender:
    """A nameko service that dispatches."""

    name = "peer"
    dispatch: Callable[[str, Any], None] = EventDispatcher()

    @OnGo.decorator
    def send(self, events: list[dict[str, Any]]) -> None:
        """One after the other."""
        for event in events:
            self.dispatch(TYPE, event)


def main() -> None:
    """Until ended."""
    config.setup({"AMQP_URI": TASK.amqp_url, "max_workers": TASK.width})
    kombu.pools.set_limit(TASK.width)
    container = ServiceContainer(PeerSender)
    container.start()
    container.wait()


if __name__ == "__main__":
    main()
