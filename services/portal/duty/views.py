"""The crisis queue as the officer sees it: what waits, how long, and what is due next."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.portal.web import times
from services.portal.web.language import Translator

CHANNELS = ("phone", "in-person", "video", "in-app", "third-person")
LEVELS = ("low", "moderate", "high", "imminent")
REFERRALS = ("advised", "referred", "emergency")
REACTIONS = ("accepted", "undecided", "declined")
CLOSE_REASONS = ("resolved", "in-treatment", "not-reachable", "drill-finished")
ALARMS = {"opened", "re-opened", "overdue", "escalated", "signal"}
QUIET_FACTS = {"policy", "wording", "rule", "responsible", "to", "paged"}


@dataclass(frozen=True)
class TimelineEntry:
    """One step of a case; `note` is there only where the reader may see it."""

    at: str
    what: str
    detail: str
    note: str
    alarm: bool


@dataclass(frozen=True)
class CaseView:
    """One case with its clocks; times as RFC 3339 for the ticking script."""

    id: str
    number: str
    state_title: str
    crisis: bool
    acute: bool
    drill: bool
    callback: bool
    person: str
    source: str
    opened_at: str
    opened: str
    due_at: str | None
    due: str
    due_title: str
    step: str
    late: bool
    waiting: bool
    closed: bool
    contacted: bool
    planned: bool
    close_requested_by: str
    mine: bool
    timeline: tuple[TimelineEntry, ...] = ()

    @property
    def known_person(self) -> bool:
        """Was somebody signed in?"""
        return bool(self.person)

    @property
    def look(self) -> str:
        """The style of its card."""
        if self.waiting:
            return "case-waiting"
        return "case-late" if self.late else "case-calm"


def case_view(case: Mapping[str, Any], now: datetime, t: Translator, me: str = "") -> CaseView:
    """A case in words; `waiting` means a crisis that nobody has acknowledged."""
    state, step = str(case["state"]), str(case.get("next_due") or "")
    opened = times.parse(case["opened_at"])
    closed = state == "closed"
    due = times.parse(case["next_due_at"]) if case.get("next_due_at") and not closed else None
    crisis = bool(case.get("crisis", True))
    return CaseView(
        id=str(case["id"]),
        number=str(case["id"])[:8],
        state_title=t.either(f"case.state.{state}", state),
        crisis=crisis,
        acute=bool(case.get("acute")),
        drill=bool(case.get("drill")),
        callback=bool(case.get("callback")),
        person=str(case.get("person") or ""),
        source=_word("source", case.get("source"), t),
        opened_at=times.wire(opened),
        opened=times.moment(opened, t.language),
        due_at=times.wire(due) if due else None,
        due=times.moment(due, t.language) if due else "",
        due_title=t.either(f"case.due.{step}", t("case.due.any")),
        step=step,
        late=not closed and bool(case.get("late") or (due and due <= now)),
        waiting=crisis and step == "acknowledge" and not closed,
        closed=closed,
        contacted=bool(case.get("contacted_at")),
        planned=bool(case.get("planned_at")),
        close_requested_by=str(case.get("close_requested_by") or ""),
        mine=bool(me) and str(case.get("officer") or "") == me,
        timeline=tuple(_entry(each, t) for each in case.get("timeline") or ()),
    )


def _word(kind: str, value: Any, t: Translator) -> str:
    return t.either(f"case.{kind}.{value}", str(value or ""))


def _entry(entry: Mapping[str, Any], t: Translator) -> TimelineEntry:
    what = str(entry.get("what") or "")
    facts = entry.get("detail") or {}
    shown = [_fact(name, value, t) for name, value in facts.items() if name not in QUIET_FACTS]
    return TimelineEntry(
        at=times.moment(times.parse(entry["at"]), t.language),
        what=_word("step", what, t),
        detail=" · ".join(shown),
        note=str(entry.get("note") or ""),
        alarm=what in ALARMS,
    )


def _fact(name: str, value: Any, t: Translator) -> str:
    if t.has(f"case.numbered.{name}"):
        return t(f"case.numbered.{name}", n=value)
    return t.either(f"case.fact.{value}", str(value))


@dataclass(frozen=True)
class RosterView:
    """Would anybody answer now, and in the hours ahead?"""

    known: bool
    rostered: bool
    until: str
    gaps: tuple[str, ...]

    @property
    def alarming(self) -> bool:
        """Shall the page be loud about it?"""
        return self.known and not self.rostered


UNKNOWN_ROSTER = RosterView(known=False, rostered=False, until="", gaps=())


def roster_view(status: Mapping[str, Any], t: Translator) -> RosterView:
    """The roster as the duty status tells it."""
    until = status.get("gap_until")
    return RosterView(
        known=True,
        rostered=bool(status.get("rostered")),
        until=times.moment(times.parse(until), t.language) if until else "",
        gaps=tuple(_gap(each, t) for each in status.get("gaps") or ())[:4],
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
    """All open cases, the most pressing first, and what the script must know.

    `seen` stands for what the page shows: while it stays the same, nothing has to be drawn again.
    """

    cases: tuple[CaseView, ...]
    now: str
    roster: RosterView
    seen: str

    @property
    def unacknowledged(self) -> int:
        """How many pages nobody has answered: the sound and the title tell it."""
        return sum(case.waiting for case in self.cases)


def queue(
    cases: Sequence[Mapping[str, Any]],
    status: Mapping[str, Any],
    now: datetime,
    t: Translator,
    me: str = "",
) -> Queue:
    """The queue: unacknowledged before late before the rest, each by its due time."""
    views = [case_view(each, now, t, me) for each in cases]
    still_open = [view for view in views if not view.closed]
    still_open.sort(key=lambda view: (not view.waiting, not view.late, view.due_at or "~"))
    return Queue(tuple(still_open), times.wire(now), roster_view(status, t), seen(status, now))


def seen(status: Mapping[str, Any], now: datetime) -> str:
    """A short name for this state of the queue; it changes at least once a minute.

    Reading cases writes audit rows, the status does not: so cases are read when it changes.
    """
    shown = {name: status.get(name) for name in ("rostered", "gap_until", "gaps", "queue")}
    text = json.dumps(shown, sort_keys=True, default=str)
    return hashlib.sha256(f"{text}{now:%H%M}".encode()).hexdigest()[:16]
