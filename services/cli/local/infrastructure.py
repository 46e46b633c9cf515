"""What services stand on, given by the environment or started privately: PostgreSQL, RabbitMQ,
mail. Everything started here ends with the block."""

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from services.apphost import KEEPERS
from services.cli.debian import ensure_packages
from services.cli.local.brokerusers import PLUGIN, asking
from services.cli.local.environment import database_name
from services.cli.local.ports import free_port
from services.cli.local.postgres import PrivatePostgres
from services.cli.local.rabbitmq import SERVER, PrivateBroker
from services.cli.local.secretfile import SecretFile
from services.cli.mailbox import Mailbox, start_mailbox
from services.cli.progress import step

POSTGRES_PORT = 8432
BROKER_PORT = 8672
MAIL_PORT = 8025


@contextmanager
def databases(folder: Path, secrets: SecretFile) -> Iterator[dict[str, str]]:
    """`<SERVICE>_DATABASE_URL` for each: as the environment gives them, else private."""
    names = {service: f"{service.upper()}_DATABASE_URL" for service in KEEPERS}
    if given := _given(names.values()):
        yield given
        return
    with private_postgres(folder, secrets) as server:
        yield {
            variable: server.ensure_database(
                database_name(service), secrets.get(f"{service.upper()}_DATABASE_PASSWORD")
            )
            for service, variable in names.items()
        }


@contextmanager
def private_postgres(folder: Path, secrets: SecretFile) -> Iterator[PrivatePostgres]:
    """A PostgreSQL that stops with the block."""
    server = PrivatePostgres(
        folder,
        admin_password=secrets.get("POSTGRES_ADMIN_PASSWORD"),
        preferred_port=POSTGRES_PORT,
    )
    with step("PostgreSQL") as said:
        taken_over = server.start()
        said(f"port {server.port}{', taken over from a command that was killed' * taken_over}")
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def brokers(folder: Path, secrets: SecretFile, accounts_url: str = "") -> Iterator[dict[str, str]]:
    """`<SERVICE>_AMQP_URL` for each and HUIXIN_BROKER_ADMIN_URL: given, else private; that one asks
    accounts about subscribers.
    """
    names = {service: f"{service.upper()}_AMQP_URL" for service in KEEPERS}
    if given := _given([*names.values(), "HUIXIN_BROKER_ADMIN_URL"]):
        yield given
        return
    if url := os.environ.get("HUIXIN_AMQP_URL"):
        yield dict.fromkeys([*names.values(), "HUIXIN_BROKER_ADMIN_URL"], url)
        return
    with private_broker(folder, secrets, accounts_url) as broker:
        users = {
            variable: broker.url(service, secrets.get(f"{service.upper()}_AMQP_PASSWORD"))
            for service, variable in names.items()
        }
        yield {**users, "HUIXIN_BROKER_ADMIN_URL": broker.admin_url}


@contextmanager
def private_broker(
    folder: Path, secrets: SecretFile, accounts_url: str = ""
) -> Iterator[PrivateBroker]:
    """A RabbitMQ that stops with the block."""
    if not SERVER.exists():
        ensure_packages(["rabbitmq-server"])
    broker = PrivateBroker(
        folder,
        admin_password=secrets.get("RABBITMQ_ADMIN_PASSWORD"),
        preferred_port=BROKER_PORT,
        users={name: secrets.get(f"{name.upper()}_AMQP_PASSWORD") for name in KEEPERS},
        configuration=asking(accounts_url) if accounts_url else "",
        plugins=[PLUGIN] if accounts_url else [],
    )
    with step("RabbitMQ") as said:
        broker.start()
        said(f"port {broker.port}")
    try:
        yield broker
    finally:
        broker.stop()


@contextmanager
def mail(folder: Path) -> Iterator[dict[str, str]]:
    """NOTIFICATION_SMTP_URL: given, else a mailbox that keeps what it gets as files."""
    defaults = {
        "NOTIFICATION_MAIL_FROM": "惠心 <no-reply@huixin.localhost>",
        "NOTIFICATION_FALLBACK_CONTACTS": "duty-fallback@huixin.localhost",
    }
    settings = {name: os.environ.get(name, value) for name, value in defaults.items()}
    if url := os.environ.get("NOTIFICATION_SMTP_URL"):
        yield {**settings, "NOTIFICATION_SMTP_URL": url}
        return
    with private_mailbox(folder / "mail") as mailbox:
        yield {**settings, "NOTIFICATION_SMTP_URL": mailbox.url}


@contextmanager
def private_mailbox(folder: Path) -> Iterator[Mailbox]:
    """A mail server that keeps what it gets as files, and stops with the block."""
    with step("development mailbox") as said:
        mailbox = start_mailbox(folder, port=free_port(MAIL_PORT))
        said(str(folder))
    try:
        yield mailbox
    finally:
        mailbox.stop()


@contextmanager
def everything(
    folder: Path, secrets: SecretFile, accounts_url: str = ""
) -> Iterator[dict[str, str]]:
    """All of it, as settings."""
    with ExitStack() as stack:
        yield {
            **stack.enter_context(databases(folder, secrets)),
            **stack.enter_context(brokers(folder, secrets, accounts_url)),
            **stack.enter_context(mail(folder)),
        }


def _given(names: Iterable[str]) -> dict[str, str]:
    """These variables where all of them are set, else nothing."""
    wanted = list(names)
    return {name: os.environ[name] for name in wanted if set(wanted) <= os.environ.keys()}
