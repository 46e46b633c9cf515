"""Laying out a counsellor's slots up to the horizon, without touching what is taken."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from services.booking.availability.domain import SessionPattern
from services.booking.availability.planning import changes_between, planned_slots, with_rooms
from services.booking.availability.ports import AvailabilityWork
from services.booking.availability.slots import Slot, SlotState
from services.booking.calendar import day_of, days_from
from services.booking.experts.domain import Counsellor

MOVE_HOLD = "offer-hold-lost"


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How far ahead slots are laid out, and how hours are cut."""

    horizon_days: int
    pattern: SessionPattern = field(default_factory=SessionPattern)


def lay_out(
    counsellor: Counsellor, layout: Layout, *, uow: AvailabilityWork, now: datetime
) -> None:
    """Bring the counsellor's future slots in line with hours, exceptions and terms."""
    uow.slots.plan_alone()
    today = day_of(now)
    days = days_from(today, layout.horizon_days)
    planned = planned_slots(
        counsellor,
        uow.availability.hours_of(counsellor.id),
        uow.availability.exceptions_of(counsellor.id, today),
        days,
        layout.pattern,
    )
    closed = uow.sites.missing(counsellor.sites)
    planned = [plan for plan in planned if plan.starts_at > now and plan.site not in closed]
    rooms = _rooms(uow, counsellor.sites)
    existing = uow.slots.lock_future_of(counsellor.id, now)
    usable = {room for choices in rooms.values() for room in choices}
    changes = changes_between(existing, planned, usable)
    _withdraw(changes.withdrawn, uow=uow, now=now)
    _mark(changes.orphaned, changes.covered, uow=uow)
    busy = uow.slots.busy_rooms(counsellor.sites, now)
    placed = with_rooms(changes.added, rooms, busy)
    uow.slots.add(counsellor, [(uuid4(), plan) for plan in placed])
    uow.counsellors.planned_until(counsellor.id, days[-1])


def _rooms(uow: AvailabilityWork, sites: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    rooms: dict[UUID, list[UUID]] = {}
    for room in uow.sites.rooms_of(sites):
        if room.holds_sessions:
            rooms.setdefault(room.site, []).append(room.id)
    return rooms


def _withdraw(slots: Iterable[Slot], *, uow: AvailabilityWork, now: datetime) -> None:
    for slot in slots:
        if slot.state is SlotState.HELD:
            uow.slots.shift_load(free=slot)
            # The offer is looked after in a transaction of its own, which locks it before slots.
            uow.timers.set(MOVE_HOLD, str(slot.id), now, {"offer": str(slot.held_by)})
        slot.withdraw()
        uow.slots.save(slot)


def _mark(orphaned: Iterable[Slot], covered: Iterable[Slot], *, uow: AvailabilityWork) -> None:
    for slots, value in ((orphaned, True), (covered, False)):
        for slot in slots:
            if slot.orphaned is not value:
                slot.orphaned = value
                uow.slots.save(slot)
