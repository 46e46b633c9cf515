"""Celery with psycopg2: one task an event, one transaction a task, acknowledged after it.

Matched with ours: a quorum queue, confirms on publish, `acks_late`, JSON, inbox row and changed
row in one transaction, as many worker processes and as large a prefetch as measured best. In its
favour: no results, no events, no rate limits, no log line a task.
"""

from typing import Any

import psycopg2
from celery import Celery
from celery.signals import worker_process_init
from kombu import Queue

from services.cli.bench.peers.task import MARK, RECEIVE, the_task

TASK = the_task()

app = Celery("peer", broker=TASK.amqp_url)
app.conf.update(
    broker_transport_options={"confirm_publish": True},
    task_queues=[Queue(TASK.queue, queue_arguments={"x-queue-type": "quorum"}, durable=True)],
    task_default_queue=TASK.queue,
    task_default_queue_type="quorum",
    task_acks_late=True,
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    worker_prefetch_multiplier=20,
    worker_disable_rate_limits=True,
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    broker_connection_retry_on_startup=True,
)

_open: list[Any] = []


@worker_process_init.connect
def connect(**_: object) -> None:
    """A connection for each worker process, before the clock starts."""
    _open.append(psycopg2.connect(TASK.database_url))


@app.task(name="peer.on_event", acks_late=True, ignore_result=True)
def on_event(event: dict[str, Any]) -> None:
    """Once in effect: the inbox row and the change together."""
    with _open[0] as connection, connection.cursor() as cursor:
        cursor.execute(RECEIVE, (TASK.queue, event["id"]))
        if cursor.rowcount:
            cursor.execute(MARK, (event["subject"],))
