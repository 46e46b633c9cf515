"""The union's tree."""

import pytest

from services.accounts.units.domain import (
    BadUnit,
    Levels,
    UnitHasEnded,
    UnitKind,
    UnitStatus,
    UnitStillInUse,
    is_within,
    new_unit,
)
from services.accounts.units.reach import UnitNotYours
from services.accounts.units.usecases import ChangeUnit, CreateUnit, change_unit, create_unit
from services.chassis.access import Role
from services.contracts.accounts import UnitChangedV1
from tests.unit.accounts.builders import a_city, somebody
from tests.unit.accounts.fakes import FakeWork

LEVELS = Levels.parse("city > district > station|enterprise")


def unit_below(parent: str | None, segment: str, level: str, levels: Levels = LEVELS) -> str:
    return new_unit(parent, segment, "名称", level, UnitKind.STATION, levels).path


def test_the_number_of_levels_is_the_citys_choice() -> None:
    county_town = Levels.parse("county > town")
    city = Levels.parse("city > county > township|community|enterprise")

    assert unit_below("ax", "t1", "town", county_town) == "ax/t1"
    assert unit_below("wh/hc", "c1", "community", city) == "wh/hc/c1"
    with pytest.raises(BadUnit):
        unit_below("ax/t1", "e1", "enterprise", county_town)
    with pytest.raises(ValueError, match="level names"):
        Levels.parse("city > > x")


@pytest.mark.parametrize("segment", ["", "A", "a/b", "-a", "a b", "单位", "a" * 33, "a\n"])
def test_a_path_is_made_of_plain_segments(segment: str) -> None:
    with pytest.raises(BadUnit):
        unit_below("wh", segment, "district")


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\nb"])
def test_a_name_can_be_printed(name: str) -> None:
    with pytest.raises(BadUnit):
        new_unit("wh", "hc", name, "district", UnitKind.DISTRICT_UNION, LEVELS)


def test_a_path_is_within_itself_and_its_ancestors_only() -> None:
    assert is_within("wh/hc", "wh/hc")
    assert is_within("wh/hc/e1", "wh")
    assert not is_within("wh/hc2", "wh/hc")
    assert not is_within("wh", "wh/hc")


def create(uow: FakeWork, parent: str, unit: str = "wh", role: Role = Role.CITY_ADMIN) -> object:
    command = CreateUnit(
        parent=parent,
        segment="new",
        name="新单位",
        level="enterprise" if "/" in parent else "district",
        kind=UnitKind.ENTERPRISE_UNION,
        by=somebody(role, unit=unit),
    )
    return create_unit(command, uow=uow, levels=LEVELS)


def test_a_new_unit_is_told_to_the_others() -> None:
    uow = a_city(FakeWork())

    create(uow, "wh/hc")

    event = UnitChangedV1(
        path="wh/hc/new",
        name="新单位",
        level="enterprise",
        kind="enterprise-union",
        status="active",
        parent="wh/hc",
    )
    assert uow.published == [event]


def test_a_district_grows_its_own_branch_only() -> None:
    uow = a_city(FakeWork())

    create(uow, "wh/hc", "wh/hc", Role.DISTRICT_ADMIN)
    with pytest.raises(UnitNotYours):
        create(uow, "wh/kf", "wh/hc", Role.DISTRICT_ADMIN)
    with pytest.raises(UnitNotYours):
        create(uow, "wh", "wh/hc", Role.DISTRICT_ADMIN)


def change(uow: FakeWork, path: str, **what: object) -> object:
    return change_unit(ChangeUnit(path=path, by=somebody(Role.CITY_ADMIN), **what), uow=uow)


def test_a_unit_ends_from_the_leaves() -> None:
    uow = a_city(FakeWork())

    with pytest.raises(UnitStillInUse):
        change(uow, "wh/hc", status=UnitStatus.ENDED)
    change(uow, "wh/hc/e1", status=UnitStatus.ENDED)
    change(uow, "wh/hc", status=UnitStatus.ENDED)

    with pytest.raises(UnitHasEnded):
        create(uow, "wh/hc")
    with pytest.raises(UnitHasEnded):
        change(uow, "wh/hc/e1", status=UnitStatus.ACTIVE)
    change(uow, "wh/hc", status=UnitStatus.ACTIVE)
    assert create(uow, "wh/hc")


def test_a_change_that_changes_nothing_is_told_to_nobody() -> None:
    uow = a_city(FakeWork())

    change(uow, "wh/hc", name="wh/hc", status=UnitStatus.ACTIVE)

    assert uow.published == []
