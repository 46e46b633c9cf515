"""Rounding as the manuals mean it; Python's `round` takes halves to the even number."""

from fractions import Fraction
from functools import cache
from math import floor
from typing import Literal

Rounding = Literal["none", "half-up", "floor"]


@cache
def exact(number: float) -> Fraction:
    """The number as it is written: 4.3 is 43/10."""
    return Fraction(str(number))


def round_to(rounding: Rounding, value: Fraction) -> Fraction:
    """Round to whole numbers; `none` leaves the value exact."""
    match rounding:
        case "none":
            return value
        case "floor":
            return Fraction(floor(value))
        case "half-up":
            return Fraction(floor(value + Fraction(1, 2)))


def plain(value: Fraction) -> int | float:
    """For JSON: whole numbers as they are, others with two decimals, a half rounded up."""
    if value.denominator == 1:
        return value.numerator
    return float(round_to("half-up", value * 100) / 100)
