"""The exact audit agrees with an attacker who computes on other lines."""

from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from services.reporting.suppression.bounds import Walk
from services.reporting.suppression.freedom import Freedom
from tests.unit.reporting.suppression.oracle import interval, is_in_row_space

ENDLESS = 10_000

systems = st.integers(2, 6).flatmap(
    lambda count: st.tuples(
        st.lists(st.integers(0, 8), min_size=count, max_size=count),
        st.lists(
            st.lists(st.sampled_from([-1, 0, 0, 1, 1]), min_size=count, max_size=count),
            min_size=1,
            max_size=4,
        ),
    )
)


@given(systems)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_a_cell_is_recoverable_exactly_if_it_lies_in_the_row_space(
    system: tuple[list[int], list[list[int]]],
) -> None:
    truth, rows = system

    freedom = Freedom([{i: v for i, v in enumerate(row) if v} for row in rows])

    for cell in range(len(truth)):
        unit = [int(i == cell) for i in range(len(truth))]
        assert freedom.is_recoverable(cell) is is_in_row_space(rows, unit)


@given(systems)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_the_walk_finds_the_width_of_the_exact_interval(
    system: tuple[list[int], list[list[int]]],
) -> None:
    truth, rows = system
    values = [sum(v * x for v, x in zip(row, truth, strict=True)) for row in rows]
    equations = [{i: v for i, v in enumerate(row) if v} for row in rows]

    for cell in range(len(truth)):
        unit = [int(i == cell) for i in range(len(truth))]
        low, high = interval(rows, values, unit)
        walk = Walk(Freedom(equations), dict(enumerate(truth)))
        found = walk.width(cell, ENDLESS)
        if high == float("inf"):
            assert found >= ENDLESS
        else:
            assert found == _whole(high, low)


def _whole(high: float, low: float) -> int:
    """The width between whole numbers, which is what the module reports."""
    return int(Fraction(high).limit_denominator(1000) // 1) - -int(
        -Fraction(low).limit_denominator(1000) // 1
    )


def test_the_walk_stops_when_it_has_seen_enough() -> None:
    walk = Walk(Freedom([{0: 1, 1: 1}]), {0: 50, 1: 50})

    assert 10 <= walk.width(0, 10) < 100


def test_a_two_by_two_block_of_hidden_cells_moves_along_its_cycle() -> None:
    cells = list(product(range(2), range(2)))
    rows = [{cells.index((r, c)): 1 for c in range(2)} for r in range(2)]
    columns = [{cells.index((r, c)): 1 for r in range(2)} for c in range(2)]

    walk = Walk(Freedom(rows + columns), {0: 3, 1: 9, 2: 20, 3: 4})

    assert walk.width(0, 100) == 3 + 9


def test_a_hidden_path_without_a_cycle_is_recoverable() -> None:
    freedom = Freedom([{0: 1, 1: 1}, {1: 1, 2: 1}, {2: 1}])

    assert all(freedom.is_recoverable(cell) for cell in range(3))
