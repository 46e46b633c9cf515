"""`./huixin migrate --check`: new code waits for its schema, old code runs on a newer one."""

import argparse
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text

from services.chassis.migrations import migrate, stands
from services.cli import migrate as command
from services.cli.errors import CommandFailed
from tests.support.databases import Databases


@pytest.fixture
def empty(postgres: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database of booking's before its first migration."""
    url = postgres.empty()
    monkeypatch.setenv("BOOKING_DATABASE_URL", url)
    yield url


def check(wait: float) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(["--check", "--wait", str(wait), "booking"]))


def set_revision(url: str, revision: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": revision})
    engine.dispose()


def tables(url: str) -> int:
    engine = create_engine(url)
    with engine.connect() as connection:
        count = connection.execute(
            text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        ).scalar_one()
    engine.dispose()
    return int(count)


def test_it_says_what_is_missing_and_makes_nothing(empty: str) -> None:
    with pytest.raises(CommandFailed, match="is older than this version"):
        check(wait=0)

    assert tables(empty) == 0


def test_it_waits_for_whoever_migrates(empty: str) -> None:
    migration = threading.Timer(0.5, migrate, args=("booking", empty))
    migration.start()

    assert check(wait=60) == 0
    migration.join()
    assert stands("booking", empty)


def test_a_schema_of_an_older_version_does_not_serve(empty: str) -> None:
    first = migrate("booking", empty)[0]
    set_revision(empty, first)

    assert not stands("booking", empty)


def test_a_schema_of_a_later_version_serves_after_a_rollback(empty: str) -> None:
    migrate("booking", empty)
    set_revision(empty, "9999_of_a_later_version")

    assert stands("booking", empty)


def test_a_database_that_is_away_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOKING_DATABASE_URL", "postgresql+psycopg2://x:y@127.0.0.1:9/x")

    with pytest.raises(CommandFailed, match="does not answer"):
        check(wait=0)
