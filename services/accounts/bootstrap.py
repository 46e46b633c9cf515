"""The first administrator of a new system: everybody else is imported by one who signs in."""

from uuid import uuid4

from services.accounts.codes.domain import CodePurpose, new_code, readable
from services.accounts.codes.usecases.print_first_code import PrintedCode
from services.accounts.people.domain import Person, Profile
from services.accounts.people.identifiers import handle, normal_login
from services.accounts.people.publishing import announce_person
from services.accounts.ports import AccountsWork
from services.accounts.units.domain import Levels, Unit, UnitKind, new_unit
from services.accounts.units.publishing import announce_unit
from services.chassis.access import Role
from services.chassis.clock import Clock
from services.chassis.errors import Conflict


class AlreadyThere(Conflict):
    """Somebody has this login already."""

    code = "already-there"
    title = "Somebody has this login already"


def create_first_admin(
    *,
    uow: AccountsWork,
    clock: Clock,
    levels: Levels,
    login: str,
    name: str,
    city: str,
    city_name: str,
) -> PrintedCode:
    """The city's root unit, where it is missing, and a city-admin with a first-password code."""
    profile = Profile(name, normal_login(login))
    with uow:
        if uow.people.find([handle(value) for value in profile.handles]):
            raise AlreadyThere
        if uow.units.find(city) is None:
            _plant(city, city_name, levels, uow)
        person = Person(id=uuid4(), unit=city, roles=frozenset())
        person.change_roles({Role.CITY_ADMIN}, city)
        uow.people.add_many([(person, profile)])
        code, text = new_code(
            uuid4(), person.id, CodePurpose.FIRST_PASSWORD, clock.now(), uow.digest
        )
        uow.codes.put(code)
        announce_person(person, uow)
        uow.commit()
    return PrintedCode(readable(text), profile.sign_in_name, name, code.expires_at)


def _plant(city: str, name: str, levels: Levels, uow: AccountsWork) -> Unit:
    level = min(levels.depths[0])
    root = new_unit(None, city, name, level, UnitKind.CITY_FEDERATION, levels)
    uow.units.add(root)
    announce_unit(root, uow)
    return root
