"""Units and people for a demonstration: ids that other seeds know, one password for all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast
from uuid import UUID

from services.accounts.people.contact_points import ContactPoint
from services.accounts.people.domain import Person, Profile
from services.accounts.people.publishing import announce_person
from services.accounts.sessions.passwords import Argon2Costs, Argon2Passwords
from services.accounts.settings import AccountsSettings
from services.accounts.units.domain import Levels, Unit, UnitKind, UnitStatus, new_unit
from services.accounts.units.publishing import announce_unit
from services.accounts.wiring import AccountsUnitOfWork
from services.chassis.access import Role
from services.chassis.runtime import Runtime

CHUNK = 250


class NotForRealSystems(Exception):
    """Accounts that share a known password belong in a demonstration only."""


@dataclass(frozen=True, slots=True)
class SeedUnit:
    """A unit, after its parent in the list."""

    path: str
    name: str
    level: str
    kind: UnitKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedPerson:
    """A person under a given id; `scope` is what staff roles hold for, by default the unit."""

    id: UUID
    login: str
    name: str
    unit: str
    roles: frozenset[Role]
    scope: str | None = None
    member_no: str | None = None
    points: tuple[ContactPoint, ...] = ()
    language: str = "zh"


def seed_accounts(
    runtime: Runtime,
    units: Sequence[SeedUnit],
    people: Sequence[SeedPerson],
    *,
    password: str,
    demonstration: bool = False,
) -> None:
    """Make what is not there yet; doing it twice changes nothing.

    Raises NotForRealSystems outside the embedded mode, unless `demonstration` says that this
    system is one. The password is hashed once for all, which is fine for one everybody knows.
    """
    if not (runtime.settings.embedded or demonstration):
        raise NotForRealSystems
    uow = cast("AccountsUnitOfWork", runtime.unit_of_work(AccountsUnitOfWork))
    _seed_units(units, runtime, uow)
    hashed = Argon2Passwords(Argon2Costs()).hash(password)
    for start in range(0, len(people), CHUNK):
        _seed_people(people[start : start + CHUNK], hashed, runtime, uow)


def _seed_units(units: Sequence[SeedUnit], runtime: Runtime, uow: AccountsUnitOfWork) -> None:
    levels = cast("AccountsSettings", runtime.settings).levels
    with uow:
        known = uow.units.names([unit.path for unit in units])
        for each in units:
            if each.path not in known:
                unit = _unit(each, levels)
                uow.units.add(unit)
                announce_unit(unit, uow)
        uow.commit()


def _unit(each: SeedUnit, levels: Levels) -> Unit:
    parent, _, segment = each.path.rpartition("/")
    unit = new_unit(parent or None, segment, each.name, each.level, each.kind, levels)
    unit.status = UnitStatus.ACTIVE
    return unit


def _seed_people(
    people: Sequence[SeedPerson], hashed: str, runtime: Runtime, uow: AccountsUnitOfWork
) -> None:
    now = runtime.clock.now()
    with uow:
        known = uow.people.get_many([each.id for each in people])
        new = [(each, _person(each)) for each in people if each.id not in known]
        uow.people.add_many(
            [(person, Profile(each.name, each.login, each.member_no)) for each, person in new]
        )
        uow.contact_points.add_many({each.id: _own(each) for each, _ in new if each.points})
        uow.credentials.replace_many({each.id: hashed for each, _ in new}, now)
        for _, person in new:
            announce_person(person, uow)
        uow.commit()


def _person(each: SeedPerson) -> Person:
    person = Person(id=each.id, unit=each.unit, roles=frozenset(), language=each.language)
    person.change_roles(each.roles, each.scope or each.unit)
    return person


def _own(each: SeedPerson) -> list[ContactPoint]:
    return [replace(point, confirmed=True) for point in each.points]
