"""Reading the tree."""

from typing import Any

from sqlalchemy import Connection, select

from services.accounts.units.storage import units
from services.chassis.paging import decode_cursor, page


def list_units(
    connection: Connection,
    *,
    parent: str | None,
    under: str | None,
    cursor: str | None,
    limit: int,
) -> dict[str, Any]:
    """A page of units by path: children of `parent`, or the whole subtree `under` a path."""
    query = select(units).order_by(units.c.path).limit(limit + 1)
    if parent is not None:
        query = query.where(units.c.parent == parent)
    if under is not None:
        below = units.c.path.startswith(f"{under}/", autoescape=True)
        query = query.where(below | (units.c.path == under))
    if after := decode_cursor(cursor, [str]):
        query = query.where(units.c.path > after[0])
    rows = connection.execute(query).all()
    return page(rows, limit, lambda row: [row.path], [dict(row._mapping) for row in rows])


def read_unit(connection: Connection, path: str) -> dict[str, Any] | None:
    """One unit."""
    row = connection.execute(select(units).where(units.c.path == path)).one_or_none()
    return dict(row._mapping) if row else None
