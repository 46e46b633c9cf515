"""The crisis queue as the officer sees it: what waits, how long, and what is due next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.portal.web import times
from services.portal.web.language import Translator


@dataclass(frozen=True)
class TimelineEntry:
    """One step of a case."""

    at: str
    what: str
    detail: str
    alarm: bool


@dataclass(frozen=True)
class CaseView:
    """One case with its clocks; times as RFC 3339 for the ticking script."""

    id: str
    number: str
    state: str
    state_title: str
    crisis: bool
    acute: bool
    drill: bool
    callback: bool
    known_person: bool
    person: str
    source: str
    opened_at: str
    opened: str
    due_at: str | None
    due: str
    due_title: str
    late: bool
    waiting: bool
    closed: bool
    version: str
    timeline: tuple[TimelineEntry, ...] = ()

    @property
    def look(self) -> str:
        """The style of its card."""
        if self.waiting:
            return "case-waiting"
        return "case-late" if self.late else "case-calm"


ALARMS = {"opened", "reopened", "overdue", "escalated", "signal"}


def case_view(case: Mapping[str, Any], now: datetime, t: Translator) -> CaseView:
    """A case in words; `waiting` means that nobody has acknowledged it."""
    state = str(case["state"])
    opened = times.parse(case["opened_at"])
    due = times.parse(case["next_due_at"]) if case.get("next_due_at") else None
    closed = state == "closed"
    step = str(case.get("next_due") or "")
    source = str(case.get("source") or "")
    return CaseView(
        id=str(case["id"]),
        number=str(case["id"])[:8],
        state=state,
        state_title=t.either(f"case.state.{state}", state),
        crisis=bool(case.get("crisis", True)),
        acute=bool(case.get("acute")),
        drill=bool(case.get("drill")),
        callback=bool(case.get("callback")),
        known_person=bool(case.get("person")),
        person=str(case.get("person") or ""),
        source=t.either(f"case.source.{source}", source),
        opened_at=times.wire(opened),
        opened=times.moment(opened, t.language),
        due_at=times.wire(due) if due and not closed else None,
        due=times.moment(due, t.language) if due else "",
        due_title=t.either(f"case.due.{step}", t("case.due.any")),
        late=bool(due and due <= now and not closed),
        waiting=bool(case.get("crisis", True)) and state in {"open", "opened", "reopened"},
        closed=closed,
        version=str(case.get("version") or ""),
        timeline=tuple(_entry(each, t) for each in case.get("timeline") or ()),
    )


def _entry(entry: Mapping[str, Any], t: Translator) -> TimelineEntry:
    what = str(entry.get("what") or entry.get("kind") or "")
    return TimelineEntry(
        at=times.moment(times.parse(entry["at"]), t.language),
        what=t.either(f"case.step.{what}", what),
        detail=str(entry.get("detail") or ""),
        alarm=what in ALARMS,
    )


@dataclass(frozen=True)
class RosterView:
    """Is somebody on duty now and in the next hours?"""

    known: bool
    covered: bool
    fallback: bool
    gaps: tuple[str, ...]

    @property
    def alarming(self) -> bool:
        """Shall the page be loud about it?"""
        return self.known and (not self.covered or self.fallback)


def roster_view(coverage: Mapping[str, Any] | None, t: Translator) -> RosterView:
    """The coverage as booking tells it; unknown if it told nothing."""
    if coverage is None:
        return RosterView(known=False, covered=False, fallback=False, gaps=())
    return RosterView(
        known=True,
        covered=bool(coverage.get("covered")),
        fallback=bool(coverage.get("fallback")),
        gaps=tuple(_gap(each, t) for each in coverage.get("gaps") or ())[:5],
    )


def _gap(gap: Mapping[str, Any], t: Translator) -> str:
    starts, ends = times.parse(gap["starts_at"]), times.parse(gap["ends_at"])
    return t(
        "duty.gap",
        tier=gap.get("tier", 1),
        start=times.moment(starts, t.language),
        end=times.moment(ends, t.language),
    )


@dataclass(frozen=True)
class Queue:
    """All open cases, the most pressing first, and what the script must know."""

    cases: tuple[CaseView, ...]
    now: str
    roster: RosterView

    @property
    def unacknowledged(self) -> int:
        """How many pages nobody has answered: the sound and the title tell it."""
        return sum(case.waiting for case in self.cases)

    @property
    def late(self) -> int:
        """How many acknowledged cases are past their next due time."""
        return sum(case.late and not case.waiting for case in self.cases)


def queue(
    cases: Sequence[Mapping[str, Any]], roster: RosterView, now: datetime, t: Translator
) -> Queue:
    """The queue: unacknowledged before late before the rest, each by its due time."""
    views = [case_view(each, now, t) for each in cases]
    still_open = [view for view in views if not view.closed]
    still_open.sort(key=lambda view: (not view.waiting, not view.late, view.due_at or "~"))
    return Queue(tuple(still_open), times.wire(now), roster)
