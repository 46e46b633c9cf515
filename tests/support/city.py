"""The whole system as `./huixin up` runs it: every service a process, real servers under it."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import Engine, create_engine, text

from services.apphost import KEEPERS, SERVICES
from services.chassis.runtime import build_runtime
from services.chassis.topology import Topology
from services.cli.client import Answer, PublicClient
from services.cli.demo_city.accounts import fill_accounts
from services.cli.demo_city.booking import fill_counsellors, fill_roster, fill_sites
from services.cli.local.brokerusers import PLUGIN, asking
from services.cli.local.environment import common_settings, database_name
from services.cli.local.policies import policy_settings
from services.cli.local.ports import free_port
from services.cli.local.processes import ServiceProcess
from services.cli.local.rabbitmq import PrivateBroker
from services.cli.local.secretfile import SecretFile
from services.cli.mailbox import start_mailbox
from services.cli.migrate import migrate_patiently
from tests.support.apps import eventually
from tests.support.databases import TestPostgres

PASSWORD = "huixin-demo"
READY_SECONDS = 180.0
MODERATE = {"q1": 2, "q2": 2, "q3": 2, "q4": 2, "q5": 1, "q6": 1, "q7": 1, "q8": 0, "q9": 0}
CRITICAL = {**MODERATE, "q9": 1}


class City:
    """Services, broker, databases and a mail server of its own; any of them may be killed."""

    def __init__(self, folder: Path, postgres: TestPostgres, *, migrated: bool = True) -> None:
        self.folder, self._stack = folder, ExitStack()
        secrets = SecretFile(folder / "secrets.env")
        users = {name: secrets.get(f"{name.upper()}_AMQP_PASSWORD") for name in KEEPERS}
        ports = {name: free_port(0) for name in SERVICES}
        self.broker = PrivateBroker(
            folder,
            admin_password="test-only",
            users=users,
            configuration=asking(f"http://127.0.0.1:{ports['accounts']}"),
            plugins=[PLUGIN],
        )
        self.broker.start()
        self._stack.callback(self.broker.stop)
        self.mailbox = start_mailbox(folder / "mail", port=free_port(0))
        self._stack.callback(self.mailbox.stop)
        self.url = f"http://127.0.0.1:{ports['portal']}"
        self.settings = {
            **common_settings(secrets, ports),
            **policy_settings(folder, "Dr. Test"),
            "HUIXIN_BROKER_ADMIN_URL": self.broker.admin_url,
            "NOTIFICATION_SMTP_URL": self.mailbox.url,
            "NOTIFICATION_MAIL_FROM": "惠心 <no-reply@huixin.localhost>",
            "NOTIFICATION_FALLBACK_CONTACTS": "fallback@huixin.localhost",
            "PORTAL_GATEWAY": "true",
        }
        self.engines: dict[str, Engine] = {}
        for name in KEEPERS:
            password = secrets.get(f"{name.upper()}_DATABASE_PASSWORD")
            # A name of this city's own: templates of other tests have the usual ones.
            url = postgres.server.ensure_database(f"city_{database_name(name)}", password)
            self.settings[f"{name.upper()}_DATABASE_URL"] = url
            self.settings[f"{name.upper()}_AMQP_URL"] = self.broker.url(name, users[name])
            self.engines[name] = create_engine(url)
            if migrated:
                migrate_patiently(name, url, 30)
        Topology().apply(self.broker.admin_url)
        self.services = {
            name: ServiceProcess(name, self.settings, folder / "logs") for name in SERVICES
        }

    def start(self, *names: str) -> None:
        """Start these services (all by default) and wait until they are ready."""
        chosen = [self.services[name] for name in names or SERVICES]
        for each in chosen:
            each.start()
        for each in chosen:
            each.wait_until_ready(READY_SECONDS)

    def fill(self) -> None:
        """The demonstration city's units, people, sites, weeks and roster, without a past."""
        accounts = build_runtime(SERVICES["accounts"].load(), self.settings)
        fill_accounts(accounts, PASSWORD)
        accounts.close()
        admin = self.as_person("city-admin")
        fill_roster(admin)
        for _counsellor in fill_counsellors(admin, fill_sites(admin)):
            pass

    def as_person(self, login: str) -> PublicClient:
        """Somebody of the demonstration city, signed in through the gateway."""
        return PublicClient(self.url).signed_in(login, PASSWORD)

    def query(self, service: str, statement: str, **values: Any) -> list[Any]:
        """What a service's database says."""
        with self.engines[service].connect() as connection:
            return list(connection.execute(text(statement), values).all())

    def count(self, service: str, table: str, where: str = "true", **values: Any) -> int:
        """How many rows."""
        found = self.query(service, f"SELECT count(*) FROM {table} WHERE {where}", **values)
        return int(found[0][0])

    def settled(self) -> bool:
        """Nothing waits in an outbox or for a retry."""
        return not any(
            self.count(name, "outbox", "sent_at IS NULL")
            + self.count(name, "inbox", "state = 'retry'")
            for name in KEEPERS
        )

    def metrics(self, service: str) -> str:
        """What Prometheus would read."""
        port = self.services[service].port
        return requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5).text

    def end(self) -> None:
        """Everything away; with HUIXIN_KEEP_LOGS, the services' logs are kept there."""
        if kept := os.environ.get("HUIXIN_KEEP_LOGS"):
            shutil.copytree(self.folder / "logs", kept, dirs_exist_ok=True)
        for each in self.services.values():
            each.kill()
        for engine in self.engines.values():
            engine.dispose()
        self._stack.close()


def answer_phq9(worker: PublicClient, answers: dict[str, Any] | None = None) -> Answer:
    """A sheet of PHQ-9, moderate unless said otherwise."""
    consent = worker.get("/api/assessment/v1/instruments/phq9")["consent"]
    body = {
        "instrument": "phq9",
        "answers": MODERATE if answers is None else answers,
        "consent": {"version": consent["version"], "granted": True},
    }
    return worker.call("POST", "/api/assessment/v1/responses", body)


def open_offer(worker: PublicClient) -> dict[str, Any]:
    """The worker's open offer, once it is there."""

    def found() -> Any:
        items = worker.get("/api/booking/v1/offers")["items"]
        return next((each for each in items if each["state"] == "open"), None)

    offer: dict[str, Any] = eventually(found, within=20, what="an open offer")
    return offer


def book(worker: PublicClient, offer: dict[str, Any] | None = None) -> Answer:
    """The first slot that fits the offer (or the first of all)."""
    named = {"offer": offer["id"]} if offer else {}
    slot = worker.get("/api/booking/v1/slots", **named)["items"][0]
    body = {"slot": slot["id"], "mode": slot["mode"], **named}
    return worker.call("POST", "/api/booking/v1/appointments", body)


@pytest.fixture(scope="session")
def make_city(server_folder: Path, postgres_server: TestPostgres) -> Iterator[Callable[[], City]]:
    """The one city of the run, started when a test first asks for it."""
    cities: list[City] = []

    def make() -> City:
        if not cities:
            folder = server_folder / "city"
            folder.mkdir(mode=0o755)
            cities.append(City(folder, postgres_server))
            cities[0].start()
            cities[0].fill()
        return cities[0]

    yield make
    for city in cities:
        city.end()


@pytest.fixture
def whole_city(make_city: Callable[[], City]) -> City:
    """The running city; a test that kills a part of it starts it again."""
    return make_city()
