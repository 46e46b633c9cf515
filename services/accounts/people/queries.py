"""Reading people: pages for administrators, the own page, who looked, addresses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, Table, select

from services.accounts.people.contact_storage import ContactPointRepository
from services.accounts.people.domain import STAFF_ROLES, PersonNotFound, Profile
from services.accounts.people.identifiers import sign_in_identifiers
from services.accounts.people.storage import (
    Digest,
    identifier_digest,
    identifiers,
    open_profile,
    people,
    person_of,
)
from services.accounts.sessions.storage import credentials
from services.accounts.tables import metadata
from services.chassis.auditing import open_reason
from services.chassis.paging import decode_cursor, page
from services.chassis.vault import Vault

audit: Table = metadata.tables["audit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleWanted:
    """A filter on people; `within` is as far as the asking person reaches, None the city."""

    within: str | None
    unit: str | None
    q: str | None
    role: str | None
    status: str | None
    cursor: str | None
    limit: int


def list_people(
    wanted: PeopleWanted, connection: Connection, vault: Vault, digest: Digest
) -> dict[str, Any]:
    """A page of people by unit and id, opened."""
    query = select(people, credentials.c.person.is_not(None).label("has_password"))
    query = query.outerjoin(credentials, credentials.c.person == people.c.id)
    query = query.where(~people.c.temporary).order_by(people.c.unit, people.c.id)
    query = _filtered(query, wanted, digest)
    if after := decode_cursor(wanted.cursor, [str, UUID]):
        later = (people.c.unit == after[0]) & (people.c.id > after[1])
        query = query.where((people.c.unit > after[0]) | later)
    rows = connection.execute(query.limit(wanted.limit + 1)).all()
    shown = rows[: wanted.limit]
    items = [{**row._mapping, **_names(open_profile(vault, row.id, row.profile))} for row in shown]
    return page(rows, wanted.limit, lambda row: [row.unit, str(row.id)], items)


def _filtered(query: Select[Any], wanted: PeopleWanted, digest: Digest) -> Select[Any]:
    for path in (wanted.within, wanted.unit):
        if path is not None:
            below = people.c.unit.startswith(f"{path}/", autoescape=True)
            query = query.where(below | (people.c.unit == path))
    if wanted.role is not None:
        query = query.where(people.c.roles.contains([wanted.role]))
    if wanted.status is not None:
        query = query.where(people.c.status == wanted.status)
    if wanted.q is not None:
        digests = [identifier_digest(each, digest) for each in sign_in_identifiers(wanted.q)]
        owners = select(identifiers.c.person).where(identifiers.c.digest.in_(digests))
        query = query.where(people.c.id.in_(owners))
    return query


def read_me(person: UUID, connection: Connection, vault: Vault) -> dict[str, Any]:
    """The own page; a temporary person has no name."""
    row = connection.execute(select(people).where(people.c.id == person)).one_or_none()
    if row is None:
        raise PersonNotFound
    profile = open_profile(vault, person, row.profile) if row.profile else Profile("")
    staff = set(row.roles) & {role.value for role in STAFF_ROLES}
    return {
        **row._mapping,
        **_names(profile),
        "unit": (row.scope if staff else None) or row.unit,
        "home_unit": row.unit,
    }


def read_roles(person: UUID, connection: Connection) -> dict[str, Any]:
    """The roles and the unit they hold for, as a token would say them."""
    row = connection.execute(select(people).where(people.c.id == person)).one_or_none()
    if row is None:
        raise PersonNotFound
    known = person_of(row)
    roles = sorted(role.value for role in known.roles)
    return {"person": person, "roles": roles, "unit": known.token_unit}


def read_access_log(
    person: UUID, connection: Connection, vault: Vault, *, cursor: str | None, limit: int
) -> dict[str, Any]:
    """Who looked at, or changed, what is kept about the person; newest first."""
    query = select(audit).where(audit.c.person == person).order_by(audit.c.position.desc())
    if before := decode_cursor(cursor, [int]):
        query = query.where(audit.c.position < before[0])
    rows = connection.execute(query.limit(limit + 1)).all()
    actors = _actors({row.actor for row in rows if row.actor}, connection, vault)
    items = [
        {
            **row._mapping,
            "reason": open_reason(vault, person, row.reason),
            "by": actors.get(row.actor),
        }
        for row in rows
    ]
    return page(rows, limit, lambda row: [row.position], items)


def _actors(
    wanted: set[UUID], connection: Connection, vault: Vault
) -> dict[UUID | None, dict[str, Any]]:
    query = select(people).where(people.c.id.in_(wanted))
    return {
        row.id: {
            "id": row.id,
            "name": open_profile(vault, row.id, row.profile).name if row.profile else "",
            "roles": row.roles,
        }
        for row in (connection.execute(query) if wanted else ())
    }


def read_contact_card(person: UUID, connection: Connection, vault: Vault) -> dict[str, Any]:
    """What notification needs to reach one person; an ended one is not reached."""
    row = connection.execute(select(people).where(people.c.id == person)).one_or_none()
    if row is None:
        raise PersonNotFound
    wanted = [person] if row.status == "active" else []
    return {
        "person": person,
        "language": row.language,
        "items": [item for card in _cards(wanted, connection, vault) for item in card],
    }


def read_staff_cards(connection: Connection, vault: Vault) -> dict[str, Any]:
    """What notification needs to page staff, who are few."""
    staff = people.c.roles.overlap([role.value for role in STAFF_ROLES])
    rows = connection.execute(select(people).where(staff, people.c.status == "active")).all()
    cards = _cards([row.id for row in rows], connection, vault)
    items = [
        {"person": row.id, "language": row.language, **item}
        for row, card in zip(rows, cards, strict=True)
        for item in card
    ]
    return {"items": items}


def _cards(
    wanted: Sequence[UUID], connection: Connection, vault: Vault
) -> list[list[dict[str, str]]]:
    points = ContactPointRepository(connection, vault, _never).of_many(wanted)
    return [
        [{"channel": each.channel.value, "address": each.address} for each in points.get(one, ())]
        for one in wanted
    ]


def _never(_value: str, _context: str) -> bytes:
    raise AssertionError("reading needs no digest")


def _names(profile: Profile) -> dict[str, Any]:
    return {"name": profile.name, "login": profile.login, "member_no": profile.member_no}
