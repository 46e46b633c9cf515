"""Reading sites, past the domain."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, or_, select, tuple_

from services.booking.sites.storage import SiteRepository, sites
from services.chassis.paging import decode_cursor, page


def list_sites(connection: Connection, query: dict[str, Any]) -> dict[str, Any]:
    """A page of open sites, by unit and name; `unit` means its whole subtree."""
    found = select(sites).where(sites.c.active)
    if query["unit"]:
        below = sites.c.unit.startswith(query["unit"] + "/", autoescape=True)
        found = found.where(or_(sites.c.unit == query["unit"], below))
    if query["level"]:
        found = found.where(sites.c.level == query["level"].value)
    if (after := decode_cursor(query["cursor"], (str, UUID))) is not None:
        found = found.where(tuple_(sites.c.unit, sites.c.id) > tuple_(*after))
    found = found.order_by(sites.c.unit, sites.c.id).limit(query["limit"] + 1)
    rows = [dict(row) for row in connection.execute(found).mappings()]
    return page(rows, query["limit"], lambda row: (row["unit"], row["id"]), rows)


def one_site(connection: Connection, site: UUID) -> dict[str, Any]:
    """A site; raises SiteNotFound."""
    found = vars(SiteRepository(connection).get(site))
    return {**found, "level": found["level"].value}


def rooms_of_site(connection: Connection, site: UUID) -> dict[str, Any]:
    """Its rooms; raises SiteNotFound."""
    repository = SiteRepository(connection)
    repository.get(site)
    rooms = [{**vars(room), "kind": room.kind.value} for room in repository.rooms_of([site])]
    return {"items": rooms, "next": None}
