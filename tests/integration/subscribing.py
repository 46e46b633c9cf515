"""Other systems that subscribe: what the command made for them, and their consumers running."""

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests
from amqp import Connection

from services.cli.client import PublicClient
from services.contracts import public
from tests.support.apps import eventually
from tests.support.city import City

ROOT = Path(__file__).parent.parent.parent
UNIT = "accounts.unit-changed.v1"
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


def admin(city: City) -> Connection:
    broker = city.broker
    return Connection(
        f"127.0.0.1:{broker.port}", userid=broker.admin_user, password=broker.admin_password
    )


def connected(city: City, user: str, password: str) -> Connection:
    connection = Connection(f"127.0.0.1:{city.broker.port}", userid=user, password=password)
    connection.connect()
    return connection
