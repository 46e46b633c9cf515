"""Where the commands that look after data find the databases and key rings of a system."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, create_engine

from services.apphost import KEEPERS
from services.chassis.keyring import KeyRing
from services.chassis.settings import parse_keyring
from services.cli.environ import read_setting
from services.cli.errors import CommandFailed
from services.cli.local.datafolder import SETTINGS_FILE, default_data_folder, held
from services.cli.local.infrastructure import databases
from services.cli.local.secretfile import SecretFile


@dataclass(frozen=True, slots=True)
class System:
    """What a system keeps its data in and opens them with, by service."""

    urls: dict[str, str]
    rings: dict[str, KeyRing]


@contextmanager
def kept_system(folder: Path | None, *, running: bool) -> Iterator[System]:
    """The system the settings name, else that of a data folder: as it runs where it may be
    `running`, else its private PostgreSQL is started for the block.
    """
    if _has("ACCOUNTS_DATABASE_URL"):
        yield _described(None)
        return
    folder = (folder or default_data_folder() / "up").resolve()
    if running and (folder / SETTINGS_FILE).exists():
        yield _described(folder)
        return
    if not (folder / "secrets.env").exists():
        raise CommandFailed(
            f"{folder} holds no secrets.env, and ACCOUNTS_DATABASE_URL and the like are not set. "
            "Name the system's folder with --data; on a new machine, bring its secrets.env first."
        )
    secrets = SecretFile(folder / "secrets.env")
    with held(folder), databases(folder, secrets) as urls:
        yield System(
            {name: urls[f"{name.upper()}_DATABASE_URL"] for name in KEEPERS},
            {name: _ring(name, secrets.find(f"{name.upper()}_KEYRING")) for name in KEEPERS},
        )


def _described(folder: Path | None) -> System:
    return System(
        {name: database_url(name, folder) for name in KEEPERS},
        {name: keyring_of(name, folder) for name in KEEPERS},
    )


def _has(name: str) -> bool:
    return name in os.environ or f"{name}_FILE" in os.environ


def database_url(service: str, folder: Path | None) -> str:
    """The address of a service's database; raises CommandFailed."""
    return read_setting(f"{service.upper()}_DATABASE_URL", folder=folder)


def keyring_of(service: str, folder: Path | None) -> KeyRing:
    """A service's key ring; raises CommandFailed."""
    text = read_setting(f"{service.upper()}_KEYRING", "HUIXIN_KEYRING", folder=folder)
    return _ring(service, text)


def _ring(service: str, text: str | None) -> KeyRing:
    if text is None:
        raise CommandFailed(f"The key ring of {service} is missing.")
    try:
        return KeyRing.from_settings(parse_keyring(text))
    except (ValueError, KeyError) as error:
        raise CommandFailed(f"The key ring of {service} cannot be read: {error}") from None


@contextmanager
def one_moment(url: str) -> Iterator[Connection]:
    """A connection that reads the database as it is now, whatever is written meanwhile."""
    engine = create_engine(url, hide_parameters=True)
    try:
        with engine.connect() as connection:
            yield connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
    finally:
        engine.dispose()


@contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """SIGTERM ends the block in order, as Ctrl-C does."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
