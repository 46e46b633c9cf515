"""Transactions of the chassis's own driver behave as PostgreSQL's, with one round trip less."""

from collections.abc import Iterator

import psycopg2
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from services.chassis.database import Database
from services.chassis.statements import postpone
from tests.support.databases import TestPostgres, table_of_its_own

INSERT = text("INSERT INTO things VALUES (:number)")


@pytest.fixture(scope="module")
def database(postgres_server: TestPostgres) -> Iterator[Database]:
    with table_of_its_own(
        postgres_server, "CREATE TABLE things (number integer PRIMARY KEY)"
    ) as database:
        yield database


@pytest.fixture(autouse=True)
def nothing_there(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM things"))


def things(database: Database) -> list[int]:
    with database.reading() as connection:
        return list(connection.execute(text("SELECT number FROM things ORDER BY 1")).scalars())


def put(connection: Connection, *numbers: int) -> None:
    for number in numbers:
        connection.execute(INSERT, {"number": number})


def test_nothing_is_seen_before_the_commit_and_all_of_it_after(database: Database) -> None:
    with database.engine.connect() as connection:
        put(connection, 1, 2)
        before = things(database)
        connection.commit()

    assert (before, things(database)) == ([], [1, 2])


def test_without_a_commit_nothing_happened(database: Database) -> None:
    with database.engine.connect() as connection:
        put(connection, 1)

    assert things(database) == []


def test_one_connection_serves_transaction_after_transaction(database: Database) -> None:
    with database.engine.connect() as connection:
        put(connection, 1)
        connection.commit()
        put(connection, 2)
        connection.rollback()
        put(connection, 3)
        connection.commit()

    assert things(database) == [1, 3]


@pytest.mark.parametrize("fault", ["SELECT 1/0", "no such language"])
def test_a_first_statement_that_fails_leaves_a_usable_connection(
    database: Database, fault: str
) -> None:
    with database.engine.connect() as connection:
        with pytest.raises(DBAPIError):
            connection.execute(text(fault))
        connection.rollback()
        put(connection, 1)
        connection.commit()

    assert things(database) == [1]


def test_many_rows_at_once_are_all_or_nothing(database: Database) -> None:
    with database.engine.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(INSERT, [{"number": 1}, {"number": 2}, {"number": 1}])

    assert things(database) == []


def test_a_savepoint_may_be_the_first_statement(database: Database) -> None:
    with database.engine.connect() as connection:
        inner = connection.begin_nested()
        put(connection, 1)
        inner.rollback()
        put(connection, 2)
        connection.commit()

    assert things(database) == [2]


def test_reading_holds_no_transaction_open_and_writing_does_after_it(database: Database) -> None:
    state = text("SELECT now() = statement_timestamp()")
    with database.reading() as connection:
        connection.execute(text("SELECT pg_sleep(0.01)"))
        each_its_own = connection.execute(state).scalar_one()
    with database.engine.connect() as connection:
        connection.execute(text("SELECT pg_sleep(0.01)"))
        the_same = not connection.execute(state).scalar_one()

    assert each_its_own and the_same


def test_a_commit_on_a_connection_that_died_fails(database: Database) -> None:
    end = text("SELECT pg_terminate_backend(:pid, 5000)")
    with pytest.raises(DBAPIError), database.engine.connect() as connection:
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        put(connection, 1)
        with database.reading() as other:
            assert other.execute(end, {"pid": pid}).scalar_one()
        connection.commit()

    assert things(database) == []


def test_begin_is_no_message_of_its_own(database: Database) -> None:
    """What the server ran last for a fresh transaction holds both."""
    shown = text("SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid()")
    with database.engine.connect() as connection:
        query = connection.execute(shown).scalar_one()

    assert query == f"BEGIN;{shown}"


def test_a_commit_that_fails_gives_a_usable_connection_back(database: Database) -> None:
    with database.engine.begin() as connection:
        put(connection, 1)

    with database.engine.connect() as connection:
        postpone(connection, "INSERT INTO things VALUES (%(number)s)", {"number": 1})
        with pytest.raises(DBAPIError):
            connection.commit()

    # The pool hands the same connection out again.
    with database.engine.begin() as connection:
        put(connection, 2)
    assert things(database) == [1, 2]


def test_a_value_that_cannot_be_written_takes_no_other_statement_with_it(
    database: Database,
) -> None:
    with database.engine.connect() as connection:
        postpone(connection, "INSERT INTO things VALUES (%(number)s)", {"number": 1})
        with pytest.raises(psycopg2.ProgrammingError):
            connection.connection.cursor().execute("SELECT %(odd)s", {"odd": object()})
        connection.commit()

    assert things(database) == [1]
