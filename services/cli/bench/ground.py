"""What rows are measured on: a private PostgreSQL and RabbitMQ, started when a row first asks."""

import secrets
from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from services.apphost import KEEPERS
from services.cli.bench.machine import postgres_facts
from services.cli.debian import ensure_packages
from services.cli.local.postgres import PrivatePostgres
from services.cli.local.rabbitmq import PrivateBroker
from services.cli.local.secretfile import SecretFile
from services.cli.migrate import migrate_patiently
from services.cli.progress import step

T = TypeVar("T")


class Ground:
    """One run's servers and folder; all of it ends with `close`."""

    def __init__(self, folder: Path, *, quick: bool = False, full: bool = False) -> None:
        self.folder, self.quick, self.full = folder, quick, full
        self.secrets = SecretFile(folder / "secrets.env")
        self.stack = ExitStack()
        self.facts: dict[str, Any] = {}
        self._kept: dict[str, Any] = {}

    def size(self, full: T, quick: T) -> T:
        """A size of the bench: the full one, or the small one of `--quick`."""
        return quick if self.quick else full

    def keep(self, name: str, make: Callable[[], T]) -> T:
        """What several rows share: made when the first of them asks."""
        if name not in self._kept:
            self._kept[name] = make()
        found: T = self._kept[name]
        return found

    @cached_property
    def postgres(self) -> PrivatePostgres:
        """fsync, synchronous_commit and full_page_writes on; what it runs with is in `facts`."""
        server = PrivatePostgres(self.folder, admin_password=secrets.token_urlsafe(16))
        # Before the start: whoever interrupts that must not leave a server behind.
        self.stack.callback(server.stop)
        with step("PostgreSQL") as said:
            server.start()
            self.facts["postgresql"] = postgres_facts(server)
            said(f"port {server.port}")
        return server

    @cached_property
    def broker(self) -> PrivateBroker:
        """One node; whoever declares queues makes them quorum queues. `admin_url` may do all."""
        ensure_packages(["rabbitmq-server"])
        broker = PrivateBroker(
            self.folder,
            admin_password=secrets.token_urlsafe(16),
            users={name: self.broker_password(name) for name in KEEPERS},
        )
        self.stack.callback(broker.stop)
        with step("RabbitMQ") as said:
            broker.start()
            said(f"port {broker.port}")
        return broker

    def broker_password(self, service: str) -> str:
        """Of the service's own user, who has the rights it has in a real system."""
        return self.secrets.get(f"{service.upper()}_AMQP_PASSWORD")

    def broker_url(self, service: str) -> str:
        """The broker's address for a service."""
        return self.broker.url(service, self.broker_password(service))

    def database(self, service: str, tag: str = "bench") -> str:
        """A fresh, migrated database of a service, as a SQLAlchemy address."""
        url = self.empty_database(f"{tag}_{service}")
        migrate_patiently(service, url, 30)
        return url

    def empty_database(self, name: str) -> str:
        """A database without tables, with a role of the same name, as a SQLAlchemy address."""
        return self.postgres.ensure_database(
            name, self.keep(f"password {name}", lambda: secrets.token_urlsafe(16))
        )

    def close(self) -> None:
        """Stop what was started, the last first."""
        self.stack.close()
