"""FastStream's publish: persistent, mandatory, each awaits its confirm; many are under way.

There is no outbox: what a crash loses between commit and publish stays lost, which is cheaper.
With the argument `tuned` it runs on uvloop.
"""

import asyncio
import sys
from typing import Any

import uvloop
from faststream.rabbit import Channel, RabbitBroker

from services.cli.bench.peers.task import Task, documents, say_ready, the_task

UNDER_WAY = 200


async def send(task: Task) -> None:
    """All of them, so many at once."""
    channel = Channel(publisher_confirms=True)
    broker = RabbitBroker(task.amqp_url, default_channel=channel, logger=None)
    async with broker:
        events = documents(task.events)
        waiting = list(events)
        say_ready()
        await asyncio.to_thread(sys.stdin.readline)
        remaining = iter(waiting)
        await asyncio.gather(*(_send(broker, task.queue, remaining) for _ in range(UNDER_WAY)))
        await asyncio.to_thread(sys.stdin.readline)


async def _send(broker: RabbitBroker, queue: str, events: Any) -> None:
    for event in events:
        await broker.publish(event, queue, persist=True, mandatory=True)


if __name__ == "__main__":
    run = uvloop.run if "tuned" in sys.argv else asyncio.run
    run(send(the_task()))
