"""Units and people, put straight into accounts' database: the password is one everybody knows."""

from services.accounts.people.contact_points import ContactPoint
from services.accounts.seed import SeedPerson, SeedUnit, seed_accounts
from services.accounts.units.domain import UnitKind
from services.chassis.access import Role
from services.chassis.runtime import Runtime
from services.cli.demo_city.city import CityPerson, CityUnit, staff, units, workers
from services.contracts.notification import Channel

KINDS = {
    "city": UnitKind.CITY_FEDERATION,
    "district": UnitKind.DISTRICT_UNION,
    "station": UnitKind.STATION,
    "enterprise": UnitKind.ENTERPRISE_UNION,
}
DEVELOPMENT_ZONE = "wh/gx"


def fill_accounts(runtime: Runtime, password: str) -> int:
    """Make what is missing; returns how many people the city has."""
    people = [*staff(), *workers()]
    seed_accounts(
        runtime,
        [_unit(each) for each in units()],
        [_person(each) for each in people],
        password=password,
        demonstration=True,
    )
    return len(people)


def _unit(each: CityUnit) -> SeedUnit:
    zone = each.path == DEVELOPMENT_ZONE
    kind = UnitKind.DEVELOPMENT_ZONE_UNION if zone else KINDS[each.level]
    return SeedUnit(each.path, each.name, each.level, kind)


def _person(each: CityPerson) -> SeedPerson:
    return SeedPerson(
        id=each.id,
        login=each.login,
        name=each.name,
        unit=each.unit,
        roles=frozenset({Role(each.role)}),
        points=(ContactPoint(Channel.EMAIL, each.email),),
    )
