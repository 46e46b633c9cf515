"""Reading the expert pool, past the domain."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, any_, exists, func, literal, or_, select

from services.booking.experts.domain import Counsellor, CounsellorNotFound
from services.booking.experts.storage import counsellor_sites, counsellors
from services.chassis.access import Principal, Scope
from services.chassis.paging import decode_cursor, page

_SITES = (
    select(func.array_agg(counsellor_sites.c.site))
    .where(counsellor_sites.c.counsellor == counsellors.c.id)
    .scalar_subquery()
)
PUBLIC = (
    counsellors.c.id,
    counsellors.c.specialities,
    counsellors.c.modes,
    func.coalesce(_SITES, literal([], type_=_SITES.type)).label("sites"),
)
TERMS = (
    *PUBLIC,
    counsellors.c.unit,
    counsellors.c.daily_limit,
    counsellors.c.credential_expires_on,
    counsellors.c.active,
)


def list_counsellors(connection: Connection, query: dict[str, Any]) -> dict[str, Any]:
    """Those who work, as everybody sees them."""
    return _page(connection, select(*PUBLIC).where(counsellors.c.active), query)


def list_terms(
    connection: Connection, query: dict[str, Any], principal: Principal
) -> dict[str, Any]:
    """All of an administrator's subtree, with their terms."""
    found = select(*TERMS)
    if principal.scope_of("counsellor.write") is not Scope.CITY:
        below = counsellors.c.unit.startswith(principal.unit + "/", autoescape=True)
        found = found.where(or_(counsellors.c.unit == principal.unit, below))
    return _page(connection, found, query)


def one_counsellor(connection: Connection, counsellor: UUID) -> dict[str, Any]:
    """A counsellor as everybody sees them; raises CounsellorNotFound."""
    found = select(*PUBLIC).where(counsellors.c.id == counsellor, counsellors.c.active)
    row = connection.execute(found).mappings().first()
    if row is None:
        raise CounsellorNotFound
    return dict(row)


def terms_of(connection: Connection, counsellor: UUID) -> Counsellor:
    """A counsellor with all terms, unlocked; raises CounsellorNotFound."""
    row = (
        connection.execute(select(*TERMS).where(counsellors.c.id == counsellor)).mappings().first()
    )
    if row is None:
        raise CounsellorNotFound
    return Counsellor(**row)


def _page(connection: Connection, found: Select[Any], query: dict[str, Any]) -> dict[str, Any]:
    if query["site"]:
        here = counsellor_sites.c.counsellor == counsellors.c.id
        found = found.where(exists().where(here, counsellor_sites.c.site == query["site"]))
    if query["mode"]:
        found = found.where(any_(counsellors.c.modes) == query["mode"].value)
    if query["speciality"]:
        found = found.where(any_(counsellors.c.specialities) == query["speciality"])
    if (after := decode_cursor(query["cursor"], (UUID,))) is not None:
        found = found.where(counsellors.c.id > after[0])
    found = found.order_by(counsellors.c.id).limit(query["limit"] + 1)
    rows = [dict(row) for row in connection.execute(found).mappings()]
    return page(rows, query["limit"], lambda row: (row["id"],), rows)
