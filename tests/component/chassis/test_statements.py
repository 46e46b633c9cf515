"""Statements past SQLAlchemy share its transactions and errors; postponed ones are never lost."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from services.chassis.database import Database
from services.chassis.statements import fetch, postpone
from tests.support.databases import TestPostgres, table_of_its_own

_ADD = "INSERT INTO notes (id, said) VALUES (%(id)s, %(said)s)"
_ALL = "SELECT id, said FROM notes ORDER BY said"


@pytest.fixture(scope="module")
def database(postgres_server: TestPostgres) -> Iterator[Database]:
    with table_of_its_own(
        postgres_server, "CREATE TABLE notes (id uuid PRIMARY KEY, said text NOT NULL)"
    ) as database:
        yield database


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.engine.connect() as connection:
        yield connection


def added(connection: Connection, said: str | None, note: UUID | None = None) -> UUID:
    note = note or uuid4()
    postpone(connection, _ADD, {"id": note, "said": said})
    return note


def kept(database: Database, note: UUID) -> bool:
    with database.reading() as connection:
        return note in {row.id for row in fetch(connection, _ALL, {})}


def test_rows_have_their_columns_and_types(connection: Connection) -> None:
    person = uuid4()

    [row] = fetch(
        connection, "SELECT %(person)s AS person, 1 AS n, now() AS at", {"person": person}
    )

    assert (row.person, row.n) == (person, 1)
    assert row.at.utcoffset().total_seconds() == 0


def test_a_postponed_statement_is_seen_by_the_next_one(connection: Connection) -> None:
    note = added(connection, "100% sure; it's \\ fine")

    rows = fetch(connection, _ALL, {})

    assert {row.id: row.said for row in rows}[note] == "100% sure; it's \\ fine"
    assert note in set(connection.execute(text("SELECT id FROM notes")).scalars())


def test_alone_it_is_kept_by_the_commit_and_undone_by_a_rollback(
    database: Database, connection: Connection
) -> None:
    first = added(connection, "kept")
    connection.commit()
    second = added(connection, "undone")
    connection.rollback()
    connection.commit()

    assert kept(database, first)
    assert not kept(database, second)


def test_it_goes_with_the_savepoint_it_was_asked_for_in(
    database: Database, connection: Connection
) -> None:
    outer = added(connection, "outer")
    savepoint = connection.begin_nested()
    inner = added(connection, "inner")
    savepoint.rollback()
    connection.commit()

    assert kept(database, outer)
    assert not kept(database, inner)


def test_nothing_is_left_for_the_next_user_of_the_connection(database: Database) -> None:
    with database.engine.connect() as connection:
        note = added(connection, "given up")
    with database.engine.connect() as connection:
        fetch(connection, _ALL, {})
        connection.commit()

    assert not kept(database, note)


def test_where_it_fails_the_commit_fails_and_keeps_nothing(
    database: Database, connection: Connection
) -> None:
    good = added(connection, "good")
    added(connection, None)

    with pytest.raises(IntegrityError):
        connection.commit()
    connection.rollback()

    assert not kept(database, good)


def test_a_failed_statement_is_told_as_sqlalchemy_tells_it(connection: Connection) -> None:
    note = added(connection, "twice")

    with pytest.raises(IntegrityError) as twice:
        fetch(connection, _ADD, {"id": note, "said": "twice"})
    connection.rollback()
    with pytest.raises(DataError) as wrong:
        fetch(connection, "SELECT CAST(%(secret)s AS integer)", {"secret": "a name"})

    assert twice.value.orig is not None
    assert twice.value.orig.diag.constraint_name == "notes_pkey"
    assert wrong.value.params is None


def test_a_lost_connection_is_not_given_to_anybody_again(database: Database) -> None:
    with database.engine.connect() as connection:
        [own] = fetch(connection, "SELECT pg_backend_pid() AS pid", {})
        other = create_engine(database.engine.url)
        with other.connect() as elsewhere:
            elsewhere.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": own.pid})
        other.dispose()
        with pytest.raises(OperationalError) as lost:
            fetch(connection, "SELECT 1", {})
    assert lost.value.connection_invalidated
    with database.engine.connect() as connection:
        assert fetch(connection, "SELECT 1 AS one", {})[0].one == 1
