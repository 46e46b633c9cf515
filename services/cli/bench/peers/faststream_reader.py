"""FastStream's subscriber with asyncpg: one transaction an event, acknowledged after it.

Matched with ours: quorum queue, JSON, inbox row and changed row in one transaction, as many
connections and as large a prefetch as measured best. FastStream acknowledges after the handler
has returned. In its favour: no log line an event, asyncpg's prepared statements; no envelope
checks beyond FastStream's own of the handler's arguments, no retries, parking or metrics.
With the argument `tuned` it also does without those checks, and runs on uvloop.
"""

import asyncio
import sys
from typing import Any

import asyncpg
import uvloop
from faststream import FastStream
from faststream.middlewares import AckPolicy
from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitQueue

from services.cli.bench.peers.task import MARK, RECEIVE, Task, say_ready, the_task

INBOX = RECEIVE.replace("%s", "$1", 1).replace("%s", "$2", 1) + " RETURNING 1"
CHANGE = MARK.replace("%s", "$1")


async def read(task: Task, *, tuned: bool) -> None:
    """Until ended."""
    pool = await asyncpg.create_pool(task.database_url, min_size=task.width, max_size=task.width)
    channel = Channel(prefetch_count=task.width)
    broker = RabbitBroker(
        task.amqp_url, default_channel=channel, logger=None, apply_types=not tuned
    )
    queue = RabbitQueue(task.queue, queue_type=QueueType.QUORUM, durable=True)

    @broker.subscriber(queue, ack_policy=AckPolicy.NACK_ON_ERROR)
    async def on_event(event: dict[str, Any]) -> None:
        async with pool.acquire() as connection, connection.transaction():
            if await connection.fetchval(INBOX, task.queue, event["id"]):
                await connection.execute(CHANGE, event["subject"])

    app = FastStream(broker, logger=None)
    app.after_startup(say_ready)
    await app.run()


if __name__ == "__main__":
    tuned = "tuned" in sys.argv
    run = uvloop.run if tuned else asyncio.run
    run(read(the_task(), tuned=tuned))
