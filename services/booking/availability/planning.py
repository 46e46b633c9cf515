"""From weekly hours to sessions: what is planned, and what that changes in the slots there are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from uuid import UUID

from services.booking.availability.domain import (
    DayException,
    ExceptionKind,
    SessionPattern,
    WeeklyHours,
)
from services.booking.availability.slots import Slot, SlotState, Span
from services.booking.calendar import moment
from services.booking.experts.domain import Counsellor
from services.contracts.booking import Mode


@dataclass(frozen=True, kw_only=True)
class PlannedSlot:
    """A session that the hours allow; `room` is set where the hours name one."""

    starts_at: datetime
    ends_at: datetime
    site: UUID
    modes: tuple[Mode, ...]
    room: UUID | None = None

    def overlaps(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether it shares a minute with this span."""
        return self.starts_at < ends_at and starts_at < self.ends_at


def planned_slots(
    counsellor: Counsellor,
    hours: Iterable[WeeklyHours],
    exceptions: Iterable[DayException],
    days: Iterable[date],
    pattern: SessionPattern,
) -> list[PlannedSlot]:
    """Every session the hours allow on these days, in order and without overlaps."""
    hours, exceptions = list(hours), list(exceptions)
    found: list[PlannedSlot] = []
    for day in days:
        if not counsellor.may_work_on(day):
            continue
        differing = [each for each in exceptions if each.applies_on(day)]
        closed = [_away_span(each, day) for each in differing if each.kind is ExceptionKind.AWAY]
        for slot in _sessions_of(day, counsellor, hours, differing, pattern):
            if not any(slot.overlaps(span.starts_at, span.ends_at) for span in closed):
                closed.append(Span(slot.starts_at, slot.ends_at))
                found.append(slot)
    return sorted(found, key=lambda slot: slot.starts_at)


def _sessions_of(
    day: date,
    counsellor: Counsellor,
    hours: list[WeeklyHours],
    differing: list[DayException],
    pattern: SessionPattern,
) -> Iterator[PlannedSlot]:
    openings = [each for each in hours if each.applies_on(day)] + [
        each for each in differing if each.kind is ExceptionKind.EXTRA
    ]
    for opening in openings:
        modes = tuple(mode for mode in opening.modes if mode in counsellor.modes)
        if opening.site not in counsellor.sites or not modes:
            continue
        if opening.starts is None or opening.ends is None or opening.site is None:
            continue
        starts_at, closes_at = moment(day, opening.starts), moment(day, opening.ends)
        while (ends_at := starts_at + pattern.session) <= closes_at:
            yield PlannedSlot(
                starts_at=starts_at,
                ends_at=ends_at,
                site=opening.site,
                modes=modes,
                room=opening.room,
            )
            starts_at = ends_at + pattern.pause


def _away_span(exception: DayException, day: date) -> Span:
    if exception.starts is None or exception.ends is None:
        return Span(moment(day, time.min), moment(day, time.max))
    return Span(moment(day, exception.starts), moment(day, exception.ends))


@dataclass
class Changes:
    """What laying out a counsellor's slots anew does to those there are."""

    withdrawn: list[Slot] = field(default_factory=list)
    orphaned: list[Slot] = field(default_factory=list)
    covered: list[Slot] = field(default_factory=list)
    added: list[PlannedSlot] = field(default_factory=list)


def changes_between(
    existing: Sequence[Slot], planned: Sequence[PlannedSlot], rooms: set[UUID]
) -> Changes:
    """Compare future slots with the plan; `rooms` are those sessions may be held in.

    A taken slot is never touched: one that the plan no longer covers is only marked, so that it
    is withdrawn when its appointment is cancelled.
    """
    changes = Changes()
    kept: list[Slot] = []
    for slot in existing:
        wanted = any(_same_session(slot, plan, rooms) for plan in planned)
        if slot.state is SlotState.TAKEN:
            kept.append(slot)
            (changes.covered if wanted else changes.orphaned).append(slot)
        elif wanted:
            kept.append(slot)
        else:
            changes.withdrawn.append(slot)
    changes.added.extend(
        plan
        for plan in planned
        if not any(plan.overlaps(slot.starts_at, slot.ends_at) for slot in kept)
    )
    return changes


def _same_session(slot: Slot, plan: PlannedSlot, rooms: set[UUID]) -> bool:
    modes = set(plan.modes)
    return (
        (slot.starts_at, slot.ends_at, slot.site) == (plan.starts_at, plan.ends_at, plan.site)
        and (plan.room is None or slot.room == plan.room)
        and (slot.room is None or slot.room in rooms)
        and set(slot.modes) in (modes, modes - {Mode.IN_PERSON})
    )


def with_rooms(
    plans: Iterable[PlannedSlot],
    rooms: Mapping[UUID, Sequence[UUID]],
    busy: Mapping[UUID, Sequence[Span]],
) -> list[PlannedSlot]:
    """Give each session in person a room that is free then.

    `rooms` lists each site's counselling rooms, `busy` each room's spans. A site that keeps no
    list of rooms needs none; where every room is busy the session is offered without a meeting,
    or not at all.
    """
    placed: list[PlannedSlot] = []
    for plan in plans:
        choices = rooms.get(plan.site)
        if Mode.IN_PERSON not in plan.modes or not choices:
            placed.append(replace(plan, room=None))
            continue
        wanted = [room for room in choices if room == plan.room] or choices
        free = next((room for room in wanted if _is_free(room, plan, busy, placed)), None)
        modes = plan.modes if free else tuple(m for m in plan.modes if m is not Mode.IN_PERSON)
        if modes:
            placed.append(replace(plan, room=free, modes=modes))
    return placed


def _is_free(
    room: UUID,
    plan: PlannedSlot,
    busy: Mapping[UUID, Sequence[Span]],
    placed: Iterable[PlannedSlot],
) -> bool:
    spans = busy.get(room, ())
    return not any(plan.overlaps(span.starts_at, span.ends_at) for span in spans) and not any(
        other.room == room and plan.overlaps(other.starts_at, other.ends_at) for other in placed
    )
