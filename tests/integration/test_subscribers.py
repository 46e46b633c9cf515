"""Other union systems read their events over a real broker, with the code printed for them."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
from amqp import AccessRefused, Connection, Message
from jsonschema import Draft202012Validator

from services.cli.client import PublicClient
from services.contracts import public
from services.contracts.subscriptions import SUBSCRIPTIONS
from tests.support.apps import eventually
from tests.support.city import City

ROOT = Path(__file__).parent.parent.parent
UNIT = "accounts.unit-changed.v1"
AN_HOUR_OF_EVENTS = 250
HEARTBEAT = 1
"""A queue that nobody has read yet begins with one."""


@dataclass
class Consumer:
    """A sample as it was printed, run as its reader would run it."""

    command: list[str]
    folder: Path
    environ: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "events").open("ab") as out, (self.folder / "said").open("ab") as said:
            self.process = subprocess.Popen(
                self.command, cwd=self.folder, env=self.environ, stdout=out, stderr=said
            )

    def kill(self) -> None:
        """As a power cut would."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    @property
    def events(self) -> list[dict[str, Any]]:
        path = self.folder / "events"
        lines = path.read_text().split("\n")[:-1] if path.exists() else []
        return [json.loads(line) for line in lines]

    @property
    def numbers(self) -> list[int]:
        return [int(each["subscriptionsequence"]) for each in self.events]

    @property
    def said(self) -> str:
        return (self.folder / "said").read_text()


@dataclass
class Subscribed:
    """What `./huixin subscriber add` made and said."""

    city: City
    name: str
    code: str
    secret: str

    @property
    def user(self) -> str:
        return public.user_of(self.name)

    @property
    def queue(self) -> str:
        return public.queue_of(self.name)

    def status(self) -> dict[str, Any]:
        """As its owner reads it."""
        number = re.search(r"subscriptions/([0-9a-f-]{36})", self.code)
        assert number is not None
        url = f"{self.city.url}/api/accounts/v1/subscriptions/{number[1]}"
        answer = requests.get(url, auth=(self.user, self.secret), timeout=30)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def waiting(self) -> int:
        """Messages in its queue, as its own user sees them."""
        with connected(self.city, self.user, self.secret) as connection:
            declared = connection.channel().queue_declare(self.queue, passive=True)
            return int(declared.message_count)


def command(city: City, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """`./huixin subscriber …` as an operator of this system."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "services.cli", "subscriber", *arguments],
        env={**os.environ, **city.settings, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )


def subscribed(city: City, *more: str) -> Subscribed:
    name = f"s-{uuid4().hex[:8]}"
    eventually(city.settled, within=30, what="events of before are read")
    added = command(city, "add", name, "--types", UNIT, *more)
    secret = added.stderr.split("HUIXIN_SECRET=")[1].split()[0]
    made = Subscribed(city, name, added.stdout, secret)
    eventually(lambda: made.waiting() == HEARTBEAT, within=30, what="its first heartbeat")
    return made


def units(city: City, number: int) -> None:
    """As many public events."""
    admin: PublicClient = city.as_person("city-admin")
    for _ in range(number):
        segment = f"e{uuid4().hex[:8]}"
        admin.post(
            "/api/accounts/v1/units",
            {
                "parent": "wh",
                "segment": segment,
                "name": "新区",
                "level": "district",
                "kind": "district-union",
            },
        )


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
    eventually(lambda: len(consumer.events) >= whole, within=60, what="all events")
    assert sorted(set(consumer.numbers)) == list(range(1, whole + 1))
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


def admin(city: City) -> Connection:
    broker = city.broker
    return Connection(
        f"127.0.0.1:{broker.port}", userid=broker.admin_user, password=broker.admin_password
    )


def connected(city: City, user: str, password: str) -> Connection:
    connection = Connection(f"127.0.0.1:{city.broker.port}", userid=user, password=password)
    connection.connect()
    return connection


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


def test_the_sample_for_node_reads_as_printed(whole_city: City, tmp_path: Path) -> None:
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed: the Node.js sample cannot be run")
    made = subscribed(whole_city, "--language", "node")
    (tmp_path / "consumer.mjs").write_text(made.code)
    kit = ROOT / "services/cli/subscribers/consumerkit/package.json"
    shutil.copyfile(kit, tmp_path / "package.json")
    subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=tmp_path,
        capture_output=True,
        timeout=180,
        check=True,
    )
    consumer = Consumer(
        ["node", "consumer.mjs"], tmp_path, {**os.environ, "HUIXIN_SECRET": made.secret}
    )
    units(whole_city, 3)
    eventually(lambda: made.waiting() == HEARTBEAT + 3, within=30)
    with admin(whole_city) as connection:
        connection.channel().queue_purge(made.queue)
    units(whole_city, 2)

    consumer.start()
    try:
        eventually(lambda: consumer.numbers == [1, 2, 3, 4, 5], within=60)
        schema = Draft202012Validator(
            json.loads((ROOT / f"services/contracts/generated/schemas/{UNIT}.json").read_text())
        )
        assert [list(schema.iter_errors(each)) for each in consumer.events] == [[]] * 5
        consumer.kill()
        consumer.start()
        units(whole_city, 1)
        eventually(lambda: consumer.numbers == [1, 2, 3, 4, 5, 6], within=60)
    finally:
        consumer.kill()


def test_the_way_in_is_closed_from_outside(whole_city: City) -> None:
    """The gateway leads to no internal route."""
    made = subscribed(whole_city)
    url = f"{whole_city.url}/internal/v1/broker/user"

    answer = requests.post(url, data={"username": made.user, "password": made.secret}, timeout=10)

    # «/» leads to the portal, which has pages and no such way in.
    assert (answer.status_code, answer.text.startswith("allow")) == (405, False)
