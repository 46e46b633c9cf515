"""Exact linear algebra over the hidden cells: which can move, and which follow which."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

Number = int | Fraction
Row = dict[int, Number]


def tidy(number: Number) -> Number:
    """A whole number as int, so that arithmetic stays fast and wholeness is visible."""
    if number.__class__ is int or number.denominator != 1:
        return number
    return number.numerator


def quotient(number: Number, by: Number) -> Number:
    """Exact division."""
    if by == 1:
        return number
    if by == -1:
        return -number
    return tidy(Fraction(number) / by)


def magnitude(number: Number) -> Number:
    """Without its sign."""
    return -number if number < 0 else number


class Freedom:
    """Every change of the hidden cells that no published sum contradicts.

    The equations say that changes cancel out within each sum. In reduced form some cells are
    free and each other one is `bound`: its change is a combination of the free ones' changes.
    A bound cell with an empty combination cannot change at all: it is recoverable. That is the
    exact rational rank test: the cell's indicator lies in the row space of the published sums.
    """

    def __init__(self, equations: Iterable[Mapping[int, int]]) -> None:
        self.rows: dict[int, Row] = {}
        self.columns: dict[int, set[int]] = {}
        for equation in sorted(equations, key=len):
            self._add(equation)

    def is_recoverable(self, cell: int) -> bool:
        """Whether the published numbers determine the cell."""
        return cell in self.rows and not self.rows[cell]

    def swap(self, free: int, bound: int) -> None:
        """Let the free cell follow, and the bound one move."""
        row = self.rows.pop(bound)
        for each in row:
            self.columns[each].discard(bound)
        factor = row.pop(free)
        solved = {each: quotient(-value, factor) for each, value in row.items()}
        solved[bound] = quotient(1, factor)
        self._bind(free, solved)

    def _add(self, equation: Mapping[int, int]) -> None:
        terms: Row = {}
        for cell, factor in equation.items():
            for free, value in self.rows.get(cell, {cell: 1}).items():
                _accumulate(terms, free, factor * value)
        if terms:
            pivot = min(terms, key=lambda each: self._pivot_cost(terms, each))
            divisor = terms.pop(pivot)
            self._bind(pivot, {each: quotient(-value, divisor) for each, value in terms.items()})

    def _pivot_cost(self, terms: Row, cell: int) -> tuple[bool, int, int]:
        return magnitude(terms[cell]) != 1, len(self.columns.get(cell, ())), cell

    def _bind(self, cell: int, row: Row) -> None:
        """Make `cell` follow `row`, in every combination that used it."""
        for other in self.columns.pop(cell, set()):
            target = self.rows[other]
            factor = target.pop(cell)
            for free, value in row.items():
                _accumulate(target, free, factor * value)
                if free in target:
                    self.columns.setdefault(free, set()).add(other)
                else:
                    self.columns[free].discard(other)
        self.rows[cell] = row
        for free in row:
            self.columns.setdefault(free, set()).add(cell)


def _accumulate(row: Row, cell: int, value: Number) -> None:
    total = row.get(cell, 0) + value
    if total.__class__ is not int:
        total = tidy(total)
    if total:
        row[cell] = total
    else:
        row.pop(cell, None)
