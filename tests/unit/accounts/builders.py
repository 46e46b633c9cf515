"""Builders that put a small city into the stores of accounts and say only what a test is about."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from services.accounts.people.contact_points import ContactPoint
from services.accounts.people.domain import Person, Profile
from services.accounts.sessions.domain import Session
from services.accounts.units.domain import Unit, UnitKind
from services.chassis.access import Principal, Role
from services.contracts.notification import Channel
from tests.unit.accounts.fakes import NINE, RIGHT, FakeWork


def a_city(uow: FakeWork) -> FakeWork:
    """Two districts with an enterprise each."""
    for path, level in (
        ("wh", "city"),
        ("wh/hc", "district"),
        ("wh/kf", "district"),
        ("wh/hc/e1", "enterprise"),
        ("wh/kf/e2", "enterprise"),
    ):
        uow.units.add(Unit(path=path, name=path, level=level, kind=UnitKind.DISTRICT_UNION))
    return uow


def a_member(
    uow: FakeWork,
    login: str = "worker1",
    *roles: Role,
    unit: str = "wh/hc/e1",
    password: str | None = RIGHT,
    mobile: str | None = None,
    confirmed: bool = True,
    **more: Any,
) -> Person:
    """A person who is in the stores."""
    person = Person(id=uuid4(), unit=unit, roles=frozenset(), **more)
    person.change_roles(roles or (Role.WORKER,), unit)
    person.events.clear()
    uow.people.add_many([(person, Profile(f"name of {login}", login))])
    if password is not None:
        uow.credentials.replace(person.id, f"hash of {password}", NINE)
    if mobile is not None:
        uow.contact_points.add_many({person.id: [ContactPoint(Channel.SMS, mobile, confirmed)]})
    return person


def somebody(*roles: Role, unit: str = "wh", person: UUID | None = None) -> Principal:
    """A signed-in person with these roles."""
    return Principal(person or uuid4(), frozenset(roles), unit)


def a_session(uow: FakeWork, person: Person) -> Session:
    """An open session of the person."""
    end = NINE + timedelta(hours=12)
    session = Session(id=uuid4(), person=person.id, started_at=NINE, expires_at=end)
    uow.sessions.add(session)
    return session
