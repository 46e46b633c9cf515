"""Medians, spreads and percentiles of few and of many figures."""

import math
from collections.abc import Sequence
from statistics import median

__all__ = ["median", "percentile", "spread"]


def spread(values: Sequence[float]) -> float:
    """Greatest minus smallest as a part of the median; 0 of a single value, or around 0."""
    middle = median(values)
    return (max(values) - min(values)) / abs(middle) if middle else 0.0


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest value that at least `part` (0 to 1) of all values do not exceed (nearest rank).

    Raises ValueError where there are no values.
    """
    if not values:
        raise ValueError("a percentile of nothing")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)]
