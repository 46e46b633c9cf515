"""What a stolen broker password is good for: one service's own queues and exchange."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from amqp import AccessRefused, Connection, Message

from services.apphost import KEEPERS, SERVICES
from services.chassis.topology import DEAD, Topology, dead_queue_of
from services.cli.local.brokerusers import definitions
from services.cli.local.rabbitmq import PrivateBroker
from services.contracts import public
from services.contracts.subscriptions import SUBSCRIPTIONS, subscriptions_of

PASSWORDS = {name: f"password-of-{name}" for name in KEEPERS}
QUEUES = [each.queue for each in SUBSCRIPTIONS]


@pytest.fixture(scope="module")
def broker(broker_server: PrivateBroker) -> PrivateBroker:
    """With the users that `up` and `./huixin secrets` make, and the topology's queues."""
    path = broker_server.folder / "users.json"
    admin = (broker_server.admin_user, broker_server.admin_password)
    path.write_text(json.dumps(definitions(admin, PASSWORDS)))
    broker_server.admin.take_definitions(path)
    Topology().apply(broker_server.admin_url)
    return broker_server


def connected(broker: PrivateBroker, user: str, password: str) -> Any:
    connection = Connection(
        f"127.0.0.1:{broker.port}", userid=user, password=password, virtual_host="/"
    )
    connection.connect()
    return connection


@pytest.fixture(scope="module", params=KEEPERS)
def service(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def connection(broker: PrivateBroker, service: str) -> Iterator[Any]:
    opened = connected(broker, service, PASSWORDS[service])
    yield opened
    opened.close()


def allows(connection: Any, attempt: Callable[[Any], object]) -> bool:
    """Whether the broker lets it happen; a refusal closes the channel, so each has its own."""
    channel = connection.channel()
    try:
        attempt(channel)
    except AccessRefused:
        return False
    channel.close()
    return True


def test_a_service_reads_its_own_queues_and_no_other(connection: Any, service: str) -> None:
    mine = {each.queue for each in subscriptions_of(service)}

    for queue in QUEUES:
        for name in (queue, dead_queue_of(queue)):
            seen = allows(connection, lambda channel: channel.basic_get(name))
            listened = allows(connection, lambda channel: channel.basic_consume(name))
            assert (seen, listened) == (queue in mine, queue in mine), name


def publishing(message: Message, exchange: str, key: str) -> Callable[[Any], object]:
    def publish(channel: Any) -> None:
        channel.basic_publish_confirm(message, exchange=exchange, routing_key=key)

    return publish


def test_a_service_publishes_to_its_own_exchange_and_no_other(
    connection: Any, service: str
) -> None:
    message = Message("x")
    places = [*Topology().exchanges(), "", "amq.topic", "amq.direct", "amq.fanout"]

    for exchange in places:
        published = allows(connection, publishing(message, exchange, "nobody.reads.v1"))
        own = {f"{service}.events", *([public.EXCHANGE] if service == "accounts" else [])}
        assert published == (exchange in own), exchange
    assert DEAD in places


def test_no_message_is_put_into_a_queue_past_its_exchange(connection: Any, service: str) -> None:
    """By the default exchange a message could pose as anybody's."""
    for queue in QUEUES:
        assert not allows(connection, publishing(Message("x"), "", queue)), queue


def test_a_service_declares_binds_empties_and_deletes_nothing(
    connection: Any, service: str
) -> None:
    own = next((each.queue for each in subscriptions_of(service)), f"{service}.nothing")
    attempts: dict[str, Callable[[Any], object]] = {
        "a queue": lambda channel: channel.queue_declare(f"{service}.spy"),
        "a queue of any name": lambda channel: channel.queue_declare("spy"),
        "a queue named by the broker": lambda channel: channel.queue_declare(),
        "an exchange": lambda channel: channel.exchange_declare(f"{service}.spy", "topic"),
        "its own exchange away": lambda channel: channel.exchange_delete(f"{service}.events"),
        "its own queue away": lambda channel: channel.queue_delete(own),
        "another's queue away": lambda channel: channel.queue_delete(QUEUES[0]),
        "its queue to another's events": lambda channel: channel.queue_bind(
            own, "booking.events", "#"
        ),
        "its queue to its own events": lambda channel: channel.queue_bind(
            own, f"{service}.events", "#"
        ),
        "its queue from its events": lambda channel: channel.queue_unbind(
            own, f"{service}.events", "#"
        ),
    }
    if own.startswith(QUEUES[0].split(".")[0]):
        attempts["another's queue empty"] = lambda channel: channel.queue_purge(QUEUES[-1])
    else:
        attempts["another's queue empty"] = lambda channel: channel.queue_purge(QUEUES[0])

    assert [what for what, attempt in attempts.items() if allows(connection, attempt)] == []


def test_accounts_makes_and_removes_queues_of_subscribers_and_nothing_else(
    broker: PrivateBroker,
) -> None:
    queue = public.queue_of("somebody")
    with connected(broker, "accounts", PASSWORDS["accounts"]) as connection:
        assert allows(connection, lambda channel: channel.queue_declare(queue, durable=True))
        assert allows(connection, lambda channel: channel.queue_bind(queue, public.EXCHANGE, queue))
        for exchange in ("booking.events", "assessment.events", "amq.topic"):
            assert not allows(
                connection, lambda channel, name=exchange: channel.queue_bind(queue, name, "#")
            ), exchange
        assert not allows(connection, lambda channel: channel.basic_get(queue))
        assert not allows(connection, lambda channel: channel.queue_declare("subscribers"))
        assert allows(connection, lambda channel: channel.queue_delete(queue))


def test_wrong_unknown_and_default_users_are_turned_away(broker: PrivateBroker) -> None:
    for user, password in (
        ("booking", "wrong"),
        ("booking", ""),
        ("booking", PASSWORDS["accounts"]),
        ("portal", "anything"),
        ("guest", "guest"),
    ):
        with pytest.raises((AccessRefused, OSError)):
            connected(broker, user, password)


def test_the_portal_and_nobody_else_has_no_user_at_all() -> None:
    made = {each["name"] for each in definitions(("admin", "x"), PASSWORDS)["users"]}

    assert made == {"admin", *SERVICES} - {"portal"}
