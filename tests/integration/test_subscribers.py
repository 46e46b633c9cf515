"""Other union systems read their events over a real broker, with the code printed for them."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from amqp import AccessRefused, Message
from jsonschema import Draft202012Validator

from services.contracts import public
from services.contracts.subscriptions import SUBSCRIPTIONS
from tests.integration.subscribing import (
    HEARTBEAT,
    ROOT,
    UNIT,
    Consumer,
    Subscribed,
    admin,
    command,
    connected,
    subscribed,
    units,
)
from tests.support.apps import eventually
from tests.support.city import City

AN_HOUR_OF_EVENTS = 250
JAVA_LIBRARIES = [
    Path("/usr/share/java") / f"{name}.jar"
    for name in (
        "amqp-client",
        "slf4j-api",
        "slf4j-nop",
        "jackson-core",
        "jackson-annotations",
        "jackson-databind",
    )
]
"""Of Debian's packages librabbitmq-client-java and libjackson2-databind-java."""


@pytest.fixture
def python(tmp_path: Path, whole_city: City) -> Iterator[tuple[Subscribed, Consumer]]:
    """The Python sample."""
    made = subscribed(whole_city)
    (tmp_path / "consumer.py").write_text(made.code)
    environ = {**os.environ, "HUIXIN_SECRET": made.secret, "PYTHONPATH": ""}
    consumer = Consumer([sys.executable, "consumer.py"], tmp_path, environ)
    yield made, consumer
    consumer.kill()


def test_a_subscriber_that_was_away_catches_up_and_its_counter_proves_it(
    whole_city: City, python: tuple[Subscribed, Consumer], tmp_path: Path
) -> None:
    made, consumer = python
    units(whole_city, AN_HOUR_OF_EVENTS)
    eventually(lambda: made.status()["delivered"] == AN_HOUR_OF_EVENTS, within=60)
    assert made.waiting() == HEARTBEAT + AN_HOUR_OF_EVENTS

    consumer.start()
    eventually(lambda: len(consumer.events) >= 40, within=60, what="the first events")
    consumer.kill()
    units(whole_city, 10)
    consumer.start()

    whole = AN_HOUR_OF_EVENTS + 10
    every = set(range(1, whole + 1))
    eventually(lambda: set(consumer.numbers) == every, within=60, what="all events")
    # One event may be printed twice: the kill came after it was printed and before it was kept.
    assert len(consumer.numbers) <= whole + 1
    kit = tmp_path / "kit"
    command(whole_city, "kit", str(kit))
    checked = subprocess.run(
        [sys.executable, str(kit / "validate.py")],
        input=(tmp_path / "events").read_text(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (checked.returncode, checked.stdout) == (0, ""), checked.stderr


def test_what_the_queue_lost_is_asked_for_again(
    whole_city: City, python: tuple[Subscribed, Consumer]
) -> None:
    """As when a reader stays away until its queue drops the oldest."""
    made, consumer = python
    units(whole_city, 5)
    eventually(lambda: made.waiting() == HEARTBEAT + 5, within=30)
    with admin(whole_city) as connection:
        connection.channel().queue_purge(made.queue)
    units(whole_city, 1)

    consumer.start()

    eventually(
        lambda: consumer.numbers == [1, 2, 3, 4, 5, 6], within=30, what=str(consumer.numbers)
    )


def test_the_broker_refuses_a_subscriber_everything_but_its_own_queue(whole_city: City) -> None:
    mine, other = subscribed(whole_city), subscribed(whole_city)
    own, others = mine.queue, other.queue
    attempts = {
        "another subscriber's queue": lambda channel: channel.basic_consume(others),
        "a type it was not granted, by binding": lambda channel: channel.queue_bind(
            own, "booking.events", "booking.case-opened.v1"
        ),
        "a type it was not granted, from the exchange of subscribers": lambda channel: (
            channel.queue_bind(own, public.EXCHANGE, others)
        ),
        "a queue of its own making": lambda channel: channel.queue_declare("spy"),
        "emptying its queue's neighbour": lambda channel: channel.queue_purge(others),
        "an event of its own": lambda channel: channel.basic_publish_confirm(
            Message("x"), exchange="accounts.events", routing_key=UNIT
        ),
        "deleting its queue": lambda channel: channel.queue_delete(own),
        **{
            f"the queue {each.queue}": lambda channel, queue=each.queue: channel.basic_get(queue)
            for each in SUBSCRIPTIONS
        },
    }
    with connected(whole_city, mine.user, mine.secret) as connection:
        for what, attempt in attempts.items():
            with pytest.raises(AccessRefused):
                attempt(connection.channel())
            assert what
        message = connection.channel().basic_get(own)
        assert json.loads(message.body)["type"] == public.HEARTBEAT

    for user, secret in ((mine.user, other.secret), ("subscriber-nobody", mine.secret)):
        with pytest.raises((AccessRefused, OSError)):
            connected(whole_city, user, secret)


def test_an_ended_subscription_has_no_queue_and_no_way_in(whole_city: City) -> None:
    made = subscribed(whole_city)
    connected(whole_city, made.user, made.secret).close()

    command(whole_city, "end", made.name)

    with pytest.raises((AccessRefused, OSError)):
        connected(whole_city, made.user, made.secret)
    assert made.queue not in whole_city.broker.admin.depths()


def reads_on(city: City, made: Subscribed, consumer: Consumer) -> None:
    """It asks again for what its queue lost, and after a power cut goes on where it was."""
    units(city, 3)
    eventually(lambda: made.waiting() == HEARTBEAT + 3, within=30)
    with admin(city) as connection:
        connection.channel().queue_purge(made.queue)
    units(city, 2)

    consumer.start()
    try:
        eventually(lambda: consumer.numbers == [1, 2, 3, 4, 5], within=60)
        schema = Draft202012Validator(
            json.loads((ROOT / f"services/contracts/generated/schemas/{UNIT}.json").read_text())
        )
        assert [list(schema.iter_errors(each)) for each in consumer.events] == [[]] * 5
        consumer.kill()
        consumer.start()
        units(city, 1)
        eventually(lambda: consumer.numbers == [1, 2, 3, 4, 5, 6], within=60)
    finally:
        consumer.kill()


def test_the_sample_for_node_reads_as_printed(whole_city: City, tmp_path: Path) -> None:
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed: the Node.js sample cannot be run")
    made = subscribed(whole_city, "--language", "node")
    (tmp_path / "consumer.mjs").write_text(made.code)
    kit = ROOT / "services/cli/subscribers/consumerkit/package.json"
    shutil.copyfile(kit, tmp_path / "package.json")
    install = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run(install, cwd=tmp_path, capture_output=True, timeout=180, check=True)
    environ = {**os.environ, "HUIXIN_SECRET": made.secret}

    reads_on(whole_city, made, Consumer(["node", "consumer.mjs"], tmp_path, environ))


def test_the_sample_for_java_reads_as_printed(whole_city: City, tmp_path: Path) -> None:
    missing = [str(each) for each in JAVA_LIBRARIES if not each.exists()]
    if shutil.which("javac") is None or missing:
        pytest.skip(f"no Java compiler, or no {missing}: the Java sample cannot be run")
    made = subscribed(whole_city, "--language", "java")
    (tmp_path / "Consumer.java").write_text(made.code)
    path = os.pathsep.join(["."] + [str(each) for each in JAVA_LIBRARIES])
    compile_it = ["javac", "-Xlint:all", "-Werror", "-cp", path, "Consumer.java"]
    subprocess.run(compile_it, cwd=tmp_path, capture_output=True, timeout=180, check=True)
    environ = {**os.environ, "HUIXIN_SECRET": made.secret}

    reads_on(whole_city, made, Consumer(["java", "-cp", path, "Consumer"], tmp_path, environ))


def test_the_way_in_is_closed_from_outside(whole_city: City) -> None:
    """The gateway leads to no internal route."""
    made = subscribed(whole_city)
    url = f"{whole_city.url}/internal/v1/broker/user"

    answer = requests.post(url, data={"username": made.user, "password": made.secret}, timeout=10)

    # «/» leads to the portal, which has pages and no such way in.
    assert (answer.status_code, answer.text.startswith("allow")) == (405, False)
