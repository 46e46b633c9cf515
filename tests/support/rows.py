"""Looking into a running service's database."""

from typing import Any

from sqlalchemy import text

from tests.support.apps import App


def rows(app: App, service: str, statement: str, **values: Any) -> list[Any]:
    """What a query finds."""
    with app.runtime(service).database.reading() as connection:
        return list(connection.execute(text(statement), values).all())


def count(app: App, service: str, table: str, where: str = "true", **values: Any) -> int:
    """How many rows there are."""
    found = rows(app, service, f"SELECT count(*) FROM {table} WHERE {where}", **values)
    return int(found[0][0])


def marks(app: App, service: str, what: str, subject: object) -> int:
    """How often a toy service did this."""
    where = "what = :what AND subject = :subject"
    return count(app, service, "effects", where, what=what, subject=str(subject))
