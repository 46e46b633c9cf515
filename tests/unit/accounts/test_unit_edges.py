"""Units at their edges: levels, segments, names, and when a change is told."""

import pytest

from services.accounts.units.domain import (
    BadUnit,
    Levels,
    Unit,
    UnitChanged,
    UnitKind,
    UnitStatus,
    checked_name,
    is_within,
    new_unit,
)

LEVELS = Levels.parse("city > district > station|enterprise")


def a_unit(path: str = "wh/hc", **said: object) -> Unit:
    given = {"name": "区", "level": "district", "kind": UnitKind.DISTRICT_UNION}
    return Unit(path=path, **{**given, **said})


def fault(refusal: pytest.ExceptionInfo[BadUnit]) -> tuple[str, str, str]:
    (error,) = refusal.value.errors
    return error.field, error.code, error.message


def test_levels_are_named_from_the_root_down_with_choices() -> None:
    assert LEVELS.depths == (
        frozenset({"city"}),
        frozenset({"district"}),
        frozenset({"station", "enterprise"}),
    )
    for wrong in ("", "city > ", "city > a b", "city|| district", "City"):
        with pytest.raises(ValueError, match="expected level names such as"):
            Levels.parse(wrong)


def test_a_level_fits_its_depth() -> None:
    LEVELS.check("wh", "city")
    LEVELS.check("wh/hc/e1", "enterprise")

    with pytest.raises(BadUnit) as too_deep:
        LEVELS.check("wh/hc/e1/x", "enterprise")
    assert fault(too_deep) == ("parent", "too-deep", "the tree has 3 levels")
    with pytest.raises(BadUnit) as wrong:
        LEVELS.check("wh/hc/e1", "district")
    assert fault(wrong) == ("level", "wrong-level", "expected one of: enterprise, station")


def test_a_segment_has_one_to_thirty_two_plain_letters() -> None:
    def made(segment: str) -> Unit:
        return new_unit("wh", segment, "区", "district", UnitKind.DISTRICT_UNION, LEVELS)

    assert made("h").path == "wh/h"
    assert made("h" * 32).parent == "wh"
    for wrong in ("", "h" * 33, "-h", "H", "h/c", "h c"):
        with pytest.raises(BadUnit) as refusal:
            made(wrong)
        assert fault(refusal)[:2] == ("segment", "bad-segment")


def test_a_root_has_no_parent() -> None:
    root = new_unit(None, "wh", " 市 ", "city", UnitKind.CITY_FEDERATION, LEVELS)

    assert (root.path, root.parent, root.name, root.level) == ("wh", None, "市", "city")
    assert (root.kind, root.status) == (UnitKind.CITY_FEDERATION, UnitStatus.ACTIVE)
    assert root.events == [UnitChanged(root)]
    assert a_unit("wh/hc/e1").parent == "wh/hc"


def test_a_name_has_up_to_a_hundred_printable_letters() -> None:
    assert checked_name("名" * 100) == "名" * 100
    assert checked_name("名") == "名"
    for wrong in ("", "  ", "名" * 101, "a\nb"):
        with pytest.raises(BadUnit) as refusal:
            checked_name(wrong)
        assert fault(refusal)[:2] == ("name", "bad-name")


@pytest.mark.parametrize(
    "change",
    [("新区", UnitKind.DISTRICT_UNION), ("区", UnitKind.COUNTY_UNION)],
)
def test_another_name_or_kind_is_told(change: tuple[str, UnitKind]) -> None:
    unit = a_unit()

    unit.describe(*change)
    unit.describe(*change)

    assert (unit.name, unit.kind) == change
    assert unit.events == [UnitChanged(unit)]


def test_a_unit_ends_and_is_taken_up_again_once_each() -> None:
    unit = a_unit()

    unit.take_up()
    assert unit.events == []
    unit.end()
    unit.end()
    assert (unit.status, unit.active) == (UnitStatus.ENDED, False)
    assert unit.events == [UnitChanged(unit)]
    unit.take_up()
    unit.take_up()
    assert (unit.status, unit.active) == (UnitStatus.ACTIVE, True)
    assert unit.events == [UnitChanged(unit)] * 2


def test_a_path_lies_within_itself_and_above_by_whole_names() -> None:
    assert is_within("wh/hc", "wh/hc")
    assert is_within("wh/hc/e1", "wh/hc")
    assert not is_within("wh/hcx", "wh/hc")
    assert not is_within("wh", "wh/hc")
