"""Known leaks that were closed, and what a release shows."""

from services.reporting.suppression.release import DISTRICTS, release
from services.reporting.suppression.rules import Rules
from services.reporting.suppression.tree import Count, Counts, Family, Split
from services.reporting.units import lineage

RULES = Rules(10)


def counted(code: str, **units: int) -> Counts:
    """Counts of a single code: `c__a__1=3` is what was counted at `c/a/1` itself."""
    subtree: dict[tuple[str, str], Count] = {}
    own = {}
    for index, (name, number) in enumerate(units.items()):
        unit = name.replace("__", "/")
        count = Count(number, ((1 << number) - 1) << (40 * index))
        own[unit, code] = count
        for each in lineage(unit):
            subtree[each, code] = subtree.get((each, code), Count(0, 0)) + count
    return Counts(subtree, own)


def shown(counts: Counts, *units: str, depth: int = 99) -> list[int | None]:
    found = release(Family("n"), counts, RULES, depth=depth)
    return [found.value(unit, "n") for unit in units]


def test_a_small_unit_hides_a_sibling_too() -> None:
    counts = counted("n", c__a=30, c__b=20, c__d=4)

    assert shown(counts, "c", "c/a", "c/b", "c/d") == [54, 30, None, None]


def test_two_small_units_that_hold_a_minimum_group_together_hide_no_other() -> None:
    counts = counted("n", c__a=30, c__b=6, c__d=7)

    assert shown(counts, "c", "c/a", "c/b", "c/d") == [43, 30, None, None]


def test_two_small_units_that_do_not_hide_a_third() -> None:
    counts = counted("n", c__a=30, c__b=20, c__d=3, c__e=4)

    assert shown(counts, "c/a", "c/b", "c/d", "c/e") == [30, None, None, None]


def test_what_was_counted_at_a_unit_itself_cannot_be_subtracted() -> None:
    counts = counted("n", c__a=3, c__a__1=20, c__a__2=30)

    assert shown(counts, "c/a", "c/a/1", "c/a/2") == [53, None, 30]


def test_a_small_city_shows_nothing() -> None:
    counts = counted("n", c__a=4, c__b=5)

    assert shown(counts, "c", "c/a", "c/b", "c/other") == [None, None, None, 0]


def test_a_unit_nothing_was_counted_for_shows_a_true_zero() -> None:
    assert shown(counted("n", c__a=30), "c/z") == [0]


def test_a_secret_below_never_costs_the_level_above() -> None:
    counts = counted("n", c__a__1=3, c__a__2=50, c__b__1=60)

    assert shown(counts, "c", "c/a", "c/b", "c/a/1", "c/a/2") == [113, 53, 60, None, None]
    assert shown(counts, "c", "c/a", "c/b", depth=DISTRICTS) == [113, 53, 60]


def test_the_same_people_answering_often_stay_a_small_group() -> None:
    few = Count(50, 0b111)
    many = Count(50, (1 << 50) - 1)
    subtree = {("c", "n"): few + many, ("c/a", "n"): few, ("c/b", "n"): many}

    found = release(Family("n"), Counts(subtree), RULES)

    assert [found.value(unit, "n") for unit in ("c", "c/a", "c/b")] == [100, None, None]


def test_plain_numbers_of_places_are_never_hidden() -> None:
    subtree = {("c", "n"): Count(3), ("c/a", "n"): Count(1), ("c/b", "n"): Count(2)}

    found = release(Family("n"), Counts(subtree), RULES)

    assert [found.value(unit, "n") for unit in ("c", "c/a", "c/b")] == [3, 1, 2]


def test_a_family_shows_a_total_where_its_breakdown_stays_hidden() -> None:
    family = Family("all", (Split("all", ("low", "high")),))
    subtree = {
        ("c", "all"): Count(20, (1 << 20) - 1),
        ("c", "low"): Count(18, (1 << 18) - 1),
        ("c", "high"): Count(2, 0b11 << 18),
    }

    found = release(family, Counts(subtree), RULES)

    assert [found.value("c", code) for code in ("all", "low", "high")] == [20, None, None]


def test_hiding_small_numbers_alone_would_not_be_enough() -> None:
    """The attack of test_attacks.py does find something where there is something to find."""
    counts = counted("n", c__a=30, c__b=20, c__d=4)
    published = {"c": 54, "c/a": 30, "c/b": 20}

    assert published["c"] - published["c/a"] - published["c/b"] == 4
    assert shown(counts, "c/b") == [None]
