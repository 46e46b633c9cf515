"""The attack suite: whatever a city looks like, no arithmetic gives a small group away."""

from hypothesis import HealthCheck, given, settings

from services.reporting.suppression.release import DISTRICTS, EVERYTHING, Release, release
from services.reporting.suppression.rules import Rules
from tests.unit.reporting.suppression.cities import FAMILY, City, cities
from tests.unit.reporting.suppression.oracle import interval, is_in_row_space

RULES = Rules(5)
SLOW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def _vector(city: City, order: list, key: tuple[str, str]) -> list[int]:
    matching = set(city.matches(*key))
    return [int(atom in matching) for atom in order]


def _secrets(city: City) -> list[tuple[str, str]]:
    return [
        (unit, code)
        for unit in sorted(city.units())
        for code in FAMILY.codes
        if 0 < city.value(unit, code) < RULES.minimum
    ]


def _published(city: City, released: Release, order: list) -> tuple[list, list]:
    visible = sorted(city.visible(released))
    rows = [_vector(city, order, key) for key in visible]
    return rows, [city.value(*key) for key in visible]


@given(cities)
@SLOW
def test_no_small_group_is_shown_or_lies_in_the_row_space_of_what_is_shown(city: City) -> None:
    released = release(FAMILY, city.counts(), RULES)

    order = city.possible()
    rows, _ = _published(city, released, order)

    for key in _secrets(city):
        assert released.is_hidden(*key)
        assert not is_in_row_space(rows, _vector(city, order, key))


@given(cities)
@settings(SLOW, max_examples=30)
def test_no_small_group_can_be_bounded_to_less_than_the_minimum_width(city: City) -> None:
    released = release(FAMILY, city.counts(), RULES)

    order = city.possible()
    rows, values = _published(city, released, order)

    for key in _secrets(city):
        low, high = interval(rows, values, _vector(city, order, key))
        assert high - low >= RULES.minimum, (key, low, high)


@given(cities)
@SLOW
def test_what_a_live_view_of_the_districts_shows_the_closed_edition_shows_too(city: City) -> None:
    live = release(FAMILY, city.counts(), RULES, depth=DISTRICTS)
    closed = release(FAMILY, city.counts(), RULES, depth=EVERYTHING)

    for unit in (each for each in city.units() if each.count("/") < 2):
        for code in FAMILY.codes:
            assert live.value(unit, code) == closed.value(unit, code)


@given(cities)
@SLOW
def test_every_visible_number_is_true(city: City) -> None:
    released = release(FAMILY, city.counts(), RULES)

    for unit, code in city.visible(released):
        assert released.value(unit, code) == city.value(unit, code)


@given(cities)
@SLOW
def test_crisis_answers_are_shown_for_the_city_alone(city: City) -> None:
    released = release(FAMILY, city.counts(), RULES)

    for unit, code in city.visible(released):
        assert unit == "c" or code != "risk-crisis" or released.value(unit, "all") == 0
