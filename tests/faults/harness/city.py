"""The whole system apart: two processes of each service, a broker, databases, links, mail."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, text

from services.apphost import KEEPERS, SERVICES
from services.chassis.topology import Topology
from services.cli.local.environment import common_settings, database_name
from services.cli.local.rabbitmq import PrivateBroker
from services.cli.local.secretfile import SecretFile
from services.cli.mailbox import start_mailbox
from services.cli.migrate import migrate_patiently
from tests.faults.harness.links import Links
from tests.faults.harness.policies import short_policies
from tests.faults.harness.postgres import FragilePostgres
from tests.faults.harness.replica import Replica

REPLICAS = 2
READY_SECONDS = 90.0
FALLBACK = "fallback@mail.example"
MAIL_THREADS = {"NOTIFICATION_PAGE_THREADS": "3", "NOTIFICATION_MAIL_THREADS": "2"}


class FragileCity:
    """Everything runs from `start` to `end`; each part may be killed, cut off or made to hang."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.stack = folder, ExitStack()
        self.links = Links()
        self.stack.callback(self.links.close)
        self.secrets = SecretFile(folder / "secrets.env")
        users = {name: self.secrets.get(f"{name.upper()}_AMQP_PASSWORD") for name in KEEPERS}
        self.postgres = FragilePostgres(folder)
        self.broker = PrivateBroker(folder, admin_password="test-only", users=users)
        self.broker_down = self.postgres_down = False
        self.passed = 0.0
        self.engines: dict[str, Engine] = {}
        self.replicas: dict[str, Replica] = {}
        # Whoever restarts a server or a process holds it, so that no two faults do it at once.
        self.repair = threading.RLock()

    def start(self) -> None:
        """Servers side by side, then all services at once; returns when they are ready."""
        with ThreadPoolExecutor() as pool:
            broker = pool.submit(self.broker.start)
            self.postgres.start()
            self.stack.callback(self.postgres.stop)
            databases = self._databases(pool)
            broker.result()
        self.stack.callback(self.broker.stop)
        Topology().apply(self.broker.admin_url)
        self.mailbox = start_mailbox(self.folder / "mail")
        self.stack.callback(self.mailbox.stop)
        self.settings = self._settings(databases)
        for service in SERVICES:
            for number in range(1, REPLICAS + 1):
                replica = Replica(service, number, self.settings, self.folder, self.links)
                self.replicas[replica.title] = replica
            ports = [each.port for each in self.of(service)]
            self.links.retarget(f"ingress>{service}", ports)
        for replica in self.replicas.values():
            replica.start()
        for replica in self.replicas.values():
            replica.wait_until_ready(READY_SECONDS)

    def of(self, service: str) -> list[Replica]:
        """The processes of a service."""
        return [each for each in self.replicas.values() if each.name == service]

    def url(self, service: str) -> str:
        """Where a service is met: one address for all its processes."""
        return f"http://127.0.0.1:{self.links.port(f'ingress>{service}')}"

    def restart(self, title: str) -> None:
        """Start a process that has ended; does not wait."""
        with self.repair:
            replica = self.replicas[title]
            if replica.ended is not None:
                replica.start()

    def kill_broker(self) -> None:
        """-9."""
        with self.repair:
            self.broker_down = True
            self.broker.kill()

    def restart_broker(self) -> None:
        """The same data on the same port."""
        with self.repair:
            if self.broker_down:
                self.broker.restart()
                self.broker_down = False

    def kill_postgres(self) -> None:
        """-9, every process of it."""
        with self.repair:
            self.postgres_down = True
            self.postgres.kill()

    def restart_postgres(self) -> None:
        """It recovers from its log."""
        with self.repair:
            if not self.postgres_down:
                return
            port = self.postgres.port
            self.postgres.start()
            self.postgres_down = False
            if self.postgres.port != port:
                self._follow_postgres()

    def move_clocks_by(self, seconds: float) -> None:
        """Time passes for everybody."""
        self.passed += seconds
        self.postgres.move_clock(seconds)
        for replica in self.replicas.values():
            replica.move_clock(self.passed)

    def heal(self) -> None:
        """Everything runs and nothing stands between; returns when every process is ready."""
        with suppress(OSError):
            self.broker.resume()
        self.links.heal()
        self.restart_postgres()
        self.restart_broker()
        for replica in self.replicas.values():
            replica.resume()
            replica.move_clock(0)
            self.restart(replica.title)
        for replica in self.replicas.values():
            replica.wait_until_ready(READY_SECONDS)

    def rows(self, service: str, statement: str, **values: Any) -> Sequence[Any]:
        """What a service's database says, past all links."""
        with self.engines[service].connect() as connection:
            return connection.execute(text(statement), values).all()

    def logs(self) -> Iterator[Path]:
        """What the services and the servers wrote."""
        yield from sorted((self.folder / "logs").rglob("*.log"))
        yield from (self.folder / "rabbitmq").glob("output")

    def end(self) -> None:
        """Everything stops."""
        for replica in self.replicas.values():
            replica.kill()
        for engine in self.engines.values():
            engine.dispose()
        with suppress(OSError):
            self.broker.resume()
        self.stack.close()

    def _databases(self, pool: ThreadPoolExecutor) -> dict[str, str]:
        urls = {}
        for name in KEEPERS:
            password = self.secrets.get(f"{name.upper()}_DATABASE_PASSWORD")
            urls[name] = self.postgres.ensure_database(database_name(name), password)
            self.engines[name] = create_engine(urls[name], pool_pre_ping=True)
        for name in KEEPERS:
            migrate_patiently(name, urls[name], 30)
        return urls

    def _settings(self, databases: dict[str, str]) -> dict[str, str]:
        ports = {name: self.links.open(f"ingress>{name}", [1]) for name in SERVICES}
        settings = {
            **common_settings(self.secrets, ports),
            **short_policies(self.folder),
            **MAIL_THREADS,
            "HUIXIN_GRACE_SECONDS": "5",
            "NOTIFICATION_SMTP_URL": self.mailbox.url,
            "NOTIFICATION_MAIL_FROM": "惠心 <no-reply@huixin.localhost>",
            "NOTIFICATION_FALLBACK_CONTACTS": FALLBACK,
            "NOTIFICATION_PAGE_SECONDS": "5",
            "NOTIFICATION_MAIL_SECONDS": "5",
        }
        for name, url in databases.items():
            password = self.secrets.get(f"{name.upper()}_AMQP_PASSWORD")
            settings[f"{name.upper()}_DATABASE_URL"] = url
            settings[f"{name.upper()}_AMQP_URL"] = self.broker.url(name, password)
        return settings

    def _follow_postgres(self) -> None:
        self.links.retarget("*>database", [self.postgres.port])
        for name, engine in list(self.engines.items()):
            engine.dispose()
            self.engines[name] = create_engine(engine.url.set(port=self.postgres.port))


def until(probe: Callable[[], Any], *, within: float, what: str, pause: float = 0.1) -> Any:
    """The probe's first true answer; raises TimeoutError when time is up."""
    ends = time.monotonic() + within
    while not (found := probe()):
        if time.monotonic() > ends:
            raise TimeoutError(f"not within {within:.0f} s: {what}")
        time.sleep(pause)
    return found


def titles(services: Iterable[str] = SERVICES) -> list[str]:
    """The processes of these services, before there is a city."""
    return [f"{name}-{number}" for name in services for number in range(1, REPLICAS + 1)]
