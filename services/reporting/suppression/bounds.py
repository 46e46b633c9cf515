"""How far an attacker can narrow a hidden cell down: the exact interval, by walking its edges."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor

from services.reporting.suppression.freedom import Freedom, Number, magnitude, quotient, tidy


class Walk:
    """A walk through tables that agree with everything published; no cell is ever negative.

    It starts at the true table and moves one hidden cell as far up and down as the sums allow:
    the simplex method without its first phase, in exact arithmetic. Every table on the way is
    one the attacker must hold possible, so what `width` reports is proved by showing two of
    them, and the walk may stop as soon as it is wide enough.
    """

    def __init__(self, freedom: Freedom, truth: Mapping[int, int]) -> None:
        self._freedom = freedom
        self._at: dict[int, Number] = dict(truth)
        self._low: dict[int, Number] = dict(truth)
        self._high: dict[int, Number] = dict(truth)

    def width(self, cell: int, enough: int) -> int:
        """The width of the cell's interval; the walk ends where it reaches `enough`."""
        if self._seen(cell) < enough:
            self._look(cell, enough)
        if self._seen(cell) < enough:
            self._push(cell, +1, ceil(self._low[cell]) + enough)
        if self._seen(cell) < enough:
            self._push(cell, -1, floor(self._high[cell]) - enough)
        return self._seen(cell)

    def _seen(self, cell: int) -> int:
        return floor(self._high[cell]) - ceil(self._low[cell])

    def _look(self, cell: int, enough: int) -> None:
        """See how far one single direction reaches from here, without going: mostly far enough."""
        here = self._at[cell]
        for free, factor in self._freedom.rows.get(cell, {cell: 1}).items():
            up = self._reach(free, 1, enough) * magnitude(factor)
            down = self._reach(free, -1, enough) * magnitude(factor)
            below, above = (down, up) if factor > 0 else (up, down)
            self._record(cell, here - below)
            self._record(cell, here + above)
            if self._seen(cell) >= enough:
                return

    def _reach(self, free: int, sign: int, enough: int) -> Number:
        limit, _ = self._limit(free, sign)
        return enough if limit is None else min(enough, limit)

    def _push(self, cell: int, way: int, until: int) -> None:
        """Move `cell` up (+1) or down (-1) until it is at `until`, or nothing gives any more."""
        while way * (until - self._at[cell]) > 0:
            move = self._move(cell, way)
            if move is None:
                return
            free, sign, rate = move
            limit, blocker = self._limit(free, sign)
            wanted = ceil(Fraction(way * (until - self._at[cell])) / rate)
            if limit is None or wanted <= limit:
                self._go(free, sign * wanted)
                return
            self._go(free, sign * limit)
            if blocker is not None:
                self._freedom.swap(free, blocker)

    def _move(self, cell: int, way: int) -> tuple[int, int, Number] | None:
        """A free cell, the way it has to go, and how fast `cell` follows; None: at the end."""
        row = self._freedom.rows.get(cell)
        if row is None:
            return (cell, way, 1) if way > 0 or self._at[cell] > 0 else None
        choices = []
        for free, factor in row.items():
            sign = way if factor > 0 else -way
            if sign > 0 or self._at[free] > 0:
                choices.append((self._at[free] == 0, free, sign, magnitude(factor)))
        if not choices:
            return None
        _, free, sign, rate = min(choices)
        return free, sign, rate

    def _limit(self, free: int, sign: int) -> tuple[Number | None, int | None]:
        """How far the free cell can go, and the bound cell that is empty then (None: itself)."""
        limit: Number | None = self._at[free] if sign < 0 else None
        blocker = None
        for bound in sorted(self._freedom.columns.get(free, ())):
            change = self._freedom.rows[bound][free] * sign
            if change < 0:
                room = quotient(self._at[bound], -change)
                if limit is None or room < limit:
                    limit, blocker = room, bound
        return limit, blocker

    def _go(self, free: int, step: Number) -> None:
        if not step:
            return
        for bound in self._freedom.columns.get(free, ()):
            self._set(bound, self._at[bound] + self._freedom.rows[bound][free] * step)
        self._set(free, self._at[free] + step)

    def _set(self, cell: int, value: Number) -> None:
        self._at[cell] = tidy(value)
        self._record(cell, self._at[cell])

    def _record(self, cell: int, value: Number) -> None:
        self._low[cell] = min(self._low[cell], value)
        self._high[cell] = max(self._high[cell], value)
