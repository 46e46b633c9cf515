"""One loop, step by step, without content."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from services.portal.web import times
from services.portal.web.language import Translator


@dataclass(frozen=True)
class Hop:
    """One step of a loop: which service did what, and how long after the step before."""

    service: str
    type: str
    at: str
    after: str


@dataclass(frozen=True)
class LoopView:
    """All steps of one correlation id."""

    id: str
    hops: tuple[Hop, ...]
    total: str


def loop_view(loop: Mapping[str, Any], t: Translator) -> LoopView:
    """The steps in the order of their times."""
    steps = sorted(loop.get("steps") or loop.get("items") or (), key=_moment)
    moments = [_moment(step) for step in steps]
    gaps = ["", *(after(late, early) for early, late in pairwise(moments))]
    hops = tuple(
        Hop(
            service=str(step.get("service") or str(step.get("type", "")).split(".", 1)[0]),
            type=str(step.get("type") or step.get("event") or ""),
            at=moment.strftime("%Y-%m-%d %H:%M:%S"),
            after=gap,
        )
        for step, moment, gap in zip(steps, moments, gaps, strict=True)
    )
    total = after(moments[-1], moments[0]) if len(moments) > 1 else ""
    return LoopView(str(loop.get("correlation_id") or loop.get("id") or ""), hops, total)


def _moment(step: Mapping[str, Any]) -> datetime:
    return times.parse(str(step.get("at") or step.get("time")))


def after(late: datetime, early: datetime) -> str:
    """`+120 ms`, `+3.2 s`, `+14 min`."""
    seconds = (late - early).total_seconds()
    if seconds < 1:
        return f"+{seconds * 1000:.0f} ms"
    return f"+{seconds:.1f} s" if seconds < 120 else f"+{seconds / 60:.0f} min"
