"""The broker: reachable, complete, read, and with nothing piling up."""

from collections.abc import Iterator
from typing import Any

from amqp.exceptions import AMQPError, NotFound
from kombu import Connection

from services.chassis.bus import is_memory
from services.chassis.topology import Topology, dead_queue_of
from services.cli.doctoring.finding import Finding, critical, note, ok, warning
from services.cli.doctoring.system import System
from services.cli.errors import CommandFailed
from services.cli.local.rabbitmqadmin import private_admin

DEEP = 10_000
DECLARE = "./huixin topology"


def look_at_broker(system: System) -> Iterator[Finding]:
    """With the administrator's address, where it is known: services see their own queues only."""
    url = system.get("HUIXIN_BROKER_ADMIN_URL", "HUIXIN_AMQP_URL")
    if url is None:
        yield warning("broker", "its address is not known", "set HUIXIN_BROKER_ADMIN_URL")
    elif is_memory(url):
        yield note("broker", "in memory: nobody can look into it from outside")
    else:
        yield from _reached(url, system)


def _reached(url: str, system: System) -> Iterator[Finding]:
    try:
        with Connection(url, connect_timeout=5) as connection:
            connection.connect()
            found = [*_exchanges(connection), *_queues(connection), *_bindings(system)]
    except (OSError, AMQPError) as error:
        what = f"cannot be reached ({type(error).__name__})"
        yield critical("broker", what, "is RabbitMQ running?", "BrokerDisconnected")
        return
    yield from found
    if not any(each.wrong for each in found):
        yield ok("broker", "exchanges and queues stand, and each has its reader")


def _exchanges(connection: Any) -> Iterator[Finding]:
    for name in Topology().exchanges():
        try:
            with connection.channel() as channel:
                channel.exchange_declare(name, "topic", passive=True)
        except NotFound:
            yield critical("broker", f"the exchange {name} is missing", DECLARE, "OutboxOld")


def _queues(connection: Any) -> Iterator[Finding]:
    for subscription in Topology().subscriptions:
        yield from _queue(connection, subscription.queue)
        dead = dead_queue_of(subscription.queue)
        waiting = _declared(connection, dead)
        if waiting is None:
            yield critical("broker", f"the queue {dead} is missing", DECLARE, "DeadLettersWaiting")
        elif waiting.message_count:
            what = f"{waiting.message_count} unreadable messages in {dead}"
            yield warning("broker", what, "see the runbook before anything else",
                          "DeadLettersWaiting")  # fmt: skip


def _queue(connection: Any, name: str) -> Iterator[Finding]:
    found = _declared(connection, name)
    if found is None:
        yield critical("broker", f"the queue {name} is missing", DECLARE, "QueueWithoutReader")
        return
    service = name.partition(".")[0]
    if not found.consumer_count:
        yield critical("broker", f"nobody reads {name}", f"is {service} running?",
                       "QueueWithoutReader")  # fmt: skip
    if found.message_count > DEEP:
        what = f"{found.message_count} events wait in {name}"
        yield warning("broker", what, f"run another process of {service}", "QueueDeep")


def _declared(connection: Any, name: str) -> Any:
    """The queue as it stands; None where there is none. A refusal closes its channel only."""
    try:
        with connection.channel() as channel:
            return channel.queue_declare(name, passive=True)
    except NotFound:
        return None


def _bindings(system: System) -> Iterator[Finding]:
    """AMQP does not tell them; the private broker's own program does."""
    admin = private_admin(system.folder)
    if admin is None:
        do = "on the broker: rabbitmqctl list_bindings; ./huixin topology makes what is missing"
        yield note("broker", "bindings cannot be seen from here", do)
        return
    try:
        missing = set(Topology().bindings()) - admin.bindings()
    except (CommandFailed, OSError) as error:
        yield note("broker", f"bindings cannot be seen: {error}")
        return
    for exchange, key, queue in sorted(missing):
        what = f"{queue} does not hear {key} of {exchange}"
        yield critical("broker", what, DECLARE, "OutboxOld")
