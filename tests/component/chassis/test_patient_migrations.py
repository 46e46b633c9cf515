"""A migration runs beside the version that serves: it lets go of a lock rather than hold all up."""

import textwrap
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import eventlet
import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from services.chassis import migrations
from tests.support.databases import Databases

FIRST = "op.execute('CREATE TABLE things (id int PRIMARY KEY, note text)')"
ADD = "op.execute('ALTER TABLE things ADD COLUMN wave text')"
INDEX = (
    "with outside_transaction(op):\n"
    "        op.create_index('ix_things_note', 'things', ['note'], postgresql_concurrently=True)"
)


@pytest.fixture
def url(postgres: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with the first migration of a service whose next one adds a column."""
    monkeypatch.setattr(migrations, "SERVICES", tmp_path)
    monkeypatch.setattr(migrations, "PAUSE_SECONDS", 0.1)
    monkeypatch.setattr(migrations, "LOCK_WAIT", "300ms")
    found = postgres.empty()
    add(tmp_path, "0001_first", None, FIRST)
    assert migrations.migrate("toy", found) == ["0001_first"]
    return found


def add(folder: Path, revision: str, before: str | None, body: str) -> None:
    versions = folder / "toy/migrations/versions"
    versions.mkdir(parents=True, exist_ok=True)
    text_of_file = f"""
from alembic import op
from services.chassis.migrations import outside_transaction

revision = {revision!r}
down_revision = {before!r}


def upgrade():
    {body}
"""
    (versions / f"{revision}.py").write_text(textwrap.dedent(text_of_file))


@contextmanager
def somebody_reading(engine: Engine) -> Iterator[None]:
    """A transaction that has looked at the table and is not over."""
    with engine.connect() as connection:
        connection.execute(text("SELECT * FROM things"))
        yield


def test_while_a_migration_waits_for_a_lock_others_get_their_turn(url: str, tmp_path: Path) -> None:
    add(tmp_path, "0002_wave", "0001_first", ADD)
    engine, longest = create_engine(url), 0.0

    with ThreadPoolExecutor() as pool:
        with somebody_reading(engine):
            migrating = pool.submit(migrations.migrate, "toy", url)
            ends = time.monotonic() + 2
            while time.monotonic() < ends:
                began = time.monotonic()
                with engine.begin() as connection:
                    connection.execute(
                        text(
                            "INSERT INTO things SELECT max(id) + 1 FROM things"
                            " HAVING max(id) IS NOT NULL"
                        )
                    )
                longest = max(longest, time.monotonic() - began)
                eventlet.sleep(0.02)
            assert not migrating.done()
        assert migrating.result(timeout=30) == ["0002_wave"]

    assert longest < 1.5
    engine.dispose()


def test_a_table_that_stays_locked_ends_the_migration_with_an_error_and_nothing_done(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "TRIES", 2)
    add(tmp_path, "0002_wave", "0001_first", ADD)
    engine = create_engine(url)

    with somebody_reading(engine), pytest.raises(OperationalError):
        migrations.migrate("toy", url)

    assert migrations.migrate("toy", url) == ["0002_wave"]
    assert migrations.migrate("toy", url) == []
    engine.dispose()


def test_an_index_is_made_beside_everybody_while_a_second_migration_waits(
    url: str, tmp_path: Path
) -> None:
    add(tmp_path, "0002_index", "0001_first", INDEX)

    with ThreadPoolExecutor() as pool:
        both = [pool.submit(migrations.migrate, "toy", url) for _ in range(2)]
        applied = sorted(each.result(timeout=60) for each in both)

    assert applied == [[], ["0002_index"]]
    engine = create_engine(url)
    with engine.connect() as connection:
        valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_things_note'::regclass"
        assert connection.execute(text(valid)).scalar_one() is True
    engine.dispose()
