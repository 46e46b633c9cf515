"""nameko's own EventDispatcher: persistent messages, each awaits its confirm (nameko's default).

Ten workers dispatch side by side, each over a connection of its own, so that confirms overlap.
There is no outbox: what a crash loses between commit and dispatch stays lost, which is cheaper.
"""

import eventlet

eventlet.monkey_patch()

from collections.abc import Callable  # noqa: E402
from typing import Any  # noqa: E402

import kombu.pools  # noqa: E402
from eventlet.greenio import GreenPipe  # noqa: E402
from nameko import config  # noqa: E402
from nameko.containers import ServiceContainer  # noqa: E402
from nameko.events import EventDispatcher  # noqa: E402
from nameko.extensions import Entrypoint  # noqa: E402

from services.cli.bench.peers.task import TYPE, documents, say_ready, the_task  # noqa: E402

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
