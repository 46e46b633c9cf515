"""An attacker written on other lines than the module it attacks: atoms, dense rank, dense simplex.

The unknowns are atoms (what was counted at one unit with one combination of traits); every cell
is a 0/1 sum of atoms. The module works on cells and their sums instead.
"""

from collections.abc import Sequence
from fractions import Fraction

Vector = list[int]


def is_in_row_space(rows: Sequence[Vector], vector: Vector) -> bool:
    """The exact rational rank test: does the vector add nothing to the rank of the rows?"""
    basis: list[list[Fraction]] = []
    for row in rows:
        _reduce(basis, row)
    return not _reduce(basis, vector)


def _reduce(basis: list[list[Fraction]], row: Vector) -> bool:
    rest = [Fraction(value) for value in row]
    for known in basis:
        lead = next(index for index, value in enumerate(known) if value)
        if rest[lead]:
            factor = rest[lead] / known[lead]
            rest = [a - factor * b for a, b in zip(rest, known, strict=True)]
    if any(rest):
        basis.append(rest)
        return True
    return False


def interval(rows: Sequence[Vector], values: Sequence[int], wanted: Vector) -> tuple[float, float]:
    """The least and greatest `wanted @ x` over x >= 0 with `rows @ x == values`."""
    low = _maximise(rows, values, [-value for value in wanted])
    return -low, _maximise(rows, values, wanted)


def _maximise(rows: Sequence[Vector], values: Sequence[int], wanted: Vector) -> float:
    count = len(wanted)
    signs = [-1 if value < 0 else 1 for value in values]
    tableau = [
        [Fraction(sign * v) for v in row]
        + [Fraction(int(i == j)) for j in range(len(rows))]
        + [Fraction(sign * value)]
        for i, (row, value, sign) in enumerate(zip(rows, values, signs, strict=True))
    ]
    basis = list(range(count, count + len(rows)))
    artificial = [Fraction(0)] * count + [Fraction(-1)] * len(rows)
    if _simplex(tableau, basis, artificial, count + len(rows)) != 0:
        raise AssertionError("the published numbers contradict each other")
    _drive_out(tableau, basis, count)
    objective = [Fraction(v) for v in wanted] + [Fraction(0)] * len(rows)
    return _simplex(tableau, basis, objective, count)


def _drive_out(tableau: list[list[Fraction]], basis: list[int], count: int) -> None:
    for line in range(len(basis) - 1, -1, -1):
        if basis[line] >= count:
            column = next((c for c in range(count) if tableau[line][c]), None)
            if column is None:
                del tableau[line], basis[line]
            else:
                _pivot(tableau, basis, line, column)


def _simplex(
    tableau: list[list[Fraction]], basis: list[int], objective: list[Fraction], columns: int
) -> float:
    while True:
        prices = [objective[b] for b in basis]
        gains = (
            (c, objective[c] - sum(p * row[c] for p, row in zip(prices, tableau, strict=True) if p))
            for c in range(columns)
        )
        entering = next((c for c, gain in gains if gain > 0), None)
        if entering is None:
            total = sum((p * row[-1] for p, row in zip(prices, tableau, strict=True)), Fraction(0))
            return float(total)
        ratios = [
            (row[-1] / row[entering], basis[line], line)
            for line, row in enumerate(tableau)
            if row[entering] > 0
        ]
        if not ratios:
            return float("inf")
        _pivot(tableau, basis, min(ratios)[2], entering)


def _pivot(tableau: list[list[Fraction]], basis: list[int], line: int, column: int) -> None:
    factor = tableau[line][column]
    tableau[line] = [value / factor for value in tableau[line]]
    for other, row in enumerate(tableau):
        if other != line and row[column]:
            times = row[column]
            tableau[other] = [
                a - times * b if b else a for a, b in zip(row, tableau[line], strict=True)
            ]
    basis[line] = column
