"""Statements in the driver's words, for the paths that very many take.

SQLAlchemy's way from a statement to its rows costs more than the statement's own round trip. These
share its connections, transactions and errors, and leave out the rest. Parameters are `%(name)s`.
"""

from collections import namedtuple
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import psycopg2
from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError

from services.chassis.driver import EagerConnection

Values = Mapping[str, Any]


def fetch(connection: Connection, statement: str, values: Values) -> list[Any]:
    """The rows, with their columns as attributes; raises DBAPIError as SQLAlchemy would."""
    driver = _driver(connection)
    try:
        with driver.cursor() as cursor:
            cursor.execute(statement, values)
            if cursor.description is None:
                return []
            shape = _shape(tuple(column.name for column in cursor.description))
            return [shape(*row) for row in cursor]
    except psycopg2.Error as error:
        raise _wrapped(connection, statement, error) from error


def postpone(connection: Connection, statement: str, values: Values) -> None:
    """Run a statement whose outcome nobody waits for.

    It travels with the transaction's next statement, or with its COMMIT: where it fails, those do.
    """
    driver = _driver(connection)
    if isinstance(driver, EagerConnection):
        driver.postpone(statement, values)
    else:
        connection.exec_driver_sql(statement, dict(values))


def insertion(table: Table) -> str:
    """The statement that adds a row of this table; JSON comes as text."""
    names = [column.name for column in table.columns]
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join(_places(table))})"  # noqa: S608  # our own names


def change(table: Table) -> str:
    """The statement that replaces the row with the same `id`; JSON comes as text."""
    names = [column.name for column in table.columns]
    places = zip(names, _places(table), strict=True)
    sets = ", ".join(f"{name} = {place}" for name, place in places if name != "id")
    return f"UPDATE {table.name} SET {sets} WHERE id = %(id)s"  # noqa: S608  # our own names


def _places(table: Table) -> list[str]:
    return [
        f"%({column.name})s{'::jsonb' if isinstance(column.type, JSONB) else ''}"
        for column in table.columns
    ]


def broken_rule(error: DBAPIError) -> str | None:
    """The name of the constraint or unique index that was violated, if that is what went wrong."""
    if isinstance(error.orig, psycopg2.IntegrityError):
        return error.orig.diag.constraint_name
    return None


def _driver(connection: Connection) -> Any:
    if not connection.in_transaction():
        connection.begin()
    return connection.connection.driver_connection


def _wrapped(connection: Connection, statement: str, error: psycopg2.Error) -> BaseException:
    dialect = connection.dialect
    lost = dialect.is_disconnect(error, connection.connection, None)  # type: ignore[arg-type]  # the driver's own
    if lost:
        connection.invalidate(error)
    return DBAPIError.instance(
        statement,
        None,
        error,
        psycopg2.Error,
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=dialect,
    )


@lru_cache(maxsize=256)
def _shape(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names, rename=True)
