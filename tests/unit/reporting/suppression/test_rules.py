"""Which numbers are hidden for what they say on their own."""

import pytest

from services.reporting.suppression.complement import CannotProtect, suppress
from services.reporting.suppression.rules import MinimumTooSmall, Rules
from services.reporting.suppression.sensitivity import is_telling, primary
from services.reporting.suppression.table import Cell, Key, Sum, Table

RULES = Rules(10)
WHOLE: Key = ("u", "all")
BANDS: tuple[Key, ...] = (("u", "low"), ("u", "middle"), ("u", "high"))


def people(number: int) -> Cell:
    return Cell(number, number)


def a_breakdown(*parts: int, whole: int | None = None) -> Table:
    cells = {WHOLE: people(sum(parts) if whole is None else whole)}
    keys = BANDS[: len(parts)]
    cells.update(zip(keys, map(people, parts), strict=True))
    return Table(cells, (Sum(WHOLE, keys, breakdown=True),))


def hidden(table: Table) -> set[Key]:
    return set(suppress(table, RULES).hidden)


def test_a_minimum_below_the_floor_is_refused() -> None:
    with pytest.raises(MinimumTooSmall):
        Rules(4)
    assert Rules(5).few == 2
    assert (RULES.few, RULES.breakdown_minimum) == (3, 30)


@pytest.mark.parametrize(("number", "small"), [(0, False), (1, True), (9, True), (10, False)])
def test_groups_of_one_to_nine_are_small_and_none_is_not(number: int, small: bool) -> None:
    assert people(number).is_small(10) is small


def test_many_answers_of_few_people_are_a_small_group() -> None:
    assert Cell(value=40, people=3).is_small(10)


def test_places_are_not_people() -> None:
    assert not Cell(value=2, people=None).is_small(10)


def test_a_small_part_hides_another_so_that_it_cannot_be_subtracted() -> None:
    assert hidden(a_breakdown(40, 20, 3)) == {("u", "high"), ("u", "middle")}


def test_hidden_parts_hold_a_minimum_group_between_them() -> None:
    assert hidden(a_breakdown(40, 2, 3)) == set(BANDS)


def test_a_zero_beside_a_large_whole_may_be_shown() -> None:
    assert hidden(a_breakdown(40, 20, 0)) == set()


def test_a_whole_below_three_minimum_groups_is_not_broken_down() -> None:
    assert hidden(a_breakdown(15, 14, 0)) == set(BANDS)


def test_a_band_that_everybody_of_a_small_whole_is_in_counts_as_sensitive() -> None:
    assert primary(a_breakdown(29, 0, 0), RULES).sensitive == {("u", "low")}


def test_nothing_is_hidden_where_all_parts_are_large() -> None:
    assert hidden(a_breakdown(40, 20, 10)) == set()


@pytest.mark.parametrize(
    ("numerator", "base", "telling"),
    [(20, 40, False), (38, 40, True), (39, 40, True), (40, 40, False), (0, 40, False),
     (29, 29, True), (0, 29, True), (15, 29, False), (30, 30, False)],
)  # fmt: skip
def test_a_proportion_tells_by_what_it_lacks_or_by_being_all_of_few(
    numerator: int, base: int, telling: bool
) -> None:
    assert is_telling(people(numerator), people(base), RULES) is telling


def test_a_published_remainder_that_gives_a_secret_away_is_an_error() -> None:
    table = a_breakdown(40, 20, 3)
    decided = {WHOLE: True, BANDS[0]: True, BANDS[1]: True}

    with pytest.raises(CannotProtect):
        suppress(table, RULES, decided)


def test_what_was_published_stays_published_and_what_was_hidden_stays_hidden() -> None:
    table = a_breakdown(40, 20, 3)

    publication = suppress(table, RULES, {BANDS[1]: True, BANDS[0]: False})

    assert publication.hidden == {BANDS[0], BANDS[2]}
    assert publication.value(BANDS[1]) == 20
    assert publication.value(BANDS[2]) is None


def test_a_table_whose_sums_do_not_hold_is_refused() -> None:
    a_breakdown(40, 20, 3).check()
    with pytest.raises(ValueError, match="not the sum"):
        a_breakdown(40, 20, 3, whole=64).check()
