"""Booking's unit of work in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.booking.appointments.domain import Appointment, WorkerAlreadyBooked
from services.booking.availability.domain import DayException, WeeklyHours
from services.booking.availability.planning import PlannedSlot
from services.booking.availability.ports import Wanted
from services.booking.availability.slots import Slot, SlotState, Span
from services.booking.experts.domain import (
    Counsellor,
    CounsellorAlreadyRegistered,
    CounsellorNotFound,
)
from services.booking.offers.domain import Offer, OfferState
from services.booking.sites.domain import Room, RoomNotFound, Site, SiteNotFound
from tests.unit.booking.builders import NOW, a_slot


class FakeTimers:
    """Timers that were set, by kind and key."""

    def __init__(self) -> None:
        self.due: dict[tuple[str, str], tuple[datetime, Any]] = {}

    def set(self, kind: str, key: str, due_at: datetime, payload: Any = None) -> None:
        self.due[kind, key] = (due_at, payload)

    def cancel(self, kind: str, key: str) -> None:
        self.due.pop((kind, key), None)

    def of(self, kind: str) -> list[datetime]:
        return sorted(due for (each, _), (due, _) in self.due.items() if each == kind)


class FakeParties:
    def __init__(self) -> None:
        self.numbers: dict[UUID, int] = {}

    def lock(self, party: UUID) -> int:
        return self.numbers.setdefault(party, len(self.numbers) + 1)


class FakeSites:
    def __init__(self) -> None:
        self.sites: dict[UUID, Site] = {}
        self.rooms: dict[UUID, Room] = {}
        self.closed: set[UUID] = set()

    def get(self, site: UUID) -> Site:
        if site not in self.sites:
            raise SiteNotFound
        return self.sites[site]

    def units(self, wanted: Iterable[UUID]) -> dict[UUID, str]:
        known = self.sites
        return {
            site: known[site].unit if site in known else "wh/hc"
            for site in wanted
            if site not in self.closed
        }

    def missing(self, wanted: Iterable[UUID]) -> set[UUID]:
        return {site for site in wanted if site in self.closed}

    def add(self, site: Site) -> None:
        self.sites[site.id] = site

    def save(self, site: Site) -> None:
        self.sites[site.id] = site

    def get_room(self, site: UUID, room: UUID) -> Room:
        if room not in self.rooms or self.rooms[room].site != site:
            raise RoomNotFound
        return self.rooms[room]

    def rooms_of(self, sites: Iterable[UUID]) -> list[Room]:
        wanted = set(sites)
        return [room for room in self.rooms.values() if room.site in wanted]

    def add_room(self, room: Room) -> None:
        self.rooms[room.id] = room

    def save_room(self, room: Room) -> None:
        self.rooms[room.id] = room


class FakeCounsellors:
    def __init__(self) -> None:
        self.found: dict[UUID, Counsellor] = {}
        self.planned: dict[UUID, date] = {}
        self.again: list[UUID] = []

    def get(self, counsellor: UUID) -> Counsellor:
        if counsellor not in self.found:
            raise CounsellorNotFound
        return self.found[counsellor]

    def add(self, counsellor: Counsellor) -> None:
        if counsellor.id in self.found:
            raise CounsellorAlreadyRegistered
        self.found[counsellor.id] = counsellor

    def save(self, counsellor: Counsellor) -> None:
        self.found[counsellor.id] = counsellor

    def planned_until(self, counsellor: UUID, day: date) -> None:
        self.planned[counsellor] = day

    def plan_again(self, site: UUID) -> None:
        self.again.append(site)

    def due_for_planning(self, until: date) -> list[UUID]:
        return [each for each in self.found if self.planned.get(each, date.min) < until]


class FakeAvailability:
    def __init__(self) -> None:
        self.hours: dict[UUID, list[WeeklyHours]] = {}
        self.exceptions: dict[UUID, DayException] = {}

    def hours_of(self, counsellor: UUID) -> list[WeeklyHours]:
        return self.hours.get(counsellor, [])

    def replace_hours(self, counsellor: UUID, hours: Sequence[WeeklyHours]) -> None:
        self.hours[counsellor] = list(hours)

    def exceptions_of(self, counsellor: UUID, since: date) -> list[DayException]:
        found = self.exceptions.values()
        return [each for each in found if each.counsellor == counsellor and each.last_day >= since]

    def add_exception(self, exception: DayException) -> None:
        self.exceptions[exception.id] = exception

    def remove_exception(self, counsellor: UUID, exception: UUID) -> None:
        del self.exceptions[exception]


class FakeSlots:
    def __init__(self) -> None:
        self.slots: dict[UUID, Slot] = {}
        self.used: dict[tuple[UUID, date], int] = {}
        self.district: dict[UUID, str] = {}
        self.alone = False

    def plan_alone(self) -> None:
        self.alone = True

    def lock(self, wanted: Iterable[UUID]) -> dict[UUID, Slot]:
        return {each: self.slots[each] for each in wanted if each in self.slots}

    def lock_future_of(self, counsellor: UUID, after: datetime) -> list[Slot]:
        return [
            replace(slot)
            for slot in self.slots.values()
            if slot.counsellor == counsellor
            and slot.starts_at > after
            and slot.state is not SlotState.WITHDRAWN
        ]

    def lock_first_open(self, wanted: Wanted, *, wait: bool = False) -> Slot | None:
        fitting = [
            slot
            for slot in self.slots.values()
            if slot.state is SlotState.OPEN
            and wanted.after < slot.starts_at < wanted.before
            and self.used.get((slot.counsellor, slot.day), 0) < slot.terms.daily_limit
        ]
        fitting.sort(key=lambda slot: (self._is_far(slot, wanted), slot.starts_at))
        return fitting[0] if fitting else None

    def _is_far(self, slot: Slot, wanted: Wanted) -> bool:
        return wanted.near is not None and self.district.get(slot.site) != wanted.near

    def busy_rooms(self, sites: Iterable[UUID], after: datetime) -> dict[UUID, list[Span]]:
        busy: dict[UUID, list[Span]] = {}
        for slot in self.slots.values():
            used = slot.site in sites and slot.starts_at > after
            if slot.room and used and slot.state is not SlotState.WITHDRAWN:
                busy.setdefault(slot.room, []).append(slot.span)
        return busy

    def add(self, counsellor: Counsellor, plans: Sequence[tuple[UUID, PlannedSlot]]) -> None:
        for slot, plan in plans:
            self.slots[slot] = a_slot(
                id=slot,
                counsellor=counsellor.id,
                site=plan.site,
                room=plan.room,
                starts_at=plan.starts_at,
                ends_at=plan.ends_at,
                modes=plan.modes,
            )

    def save(self, *slots: Slot) -> None:
        self.slots.update({slot.id: slot for slot in slots})

    def shift_load(self, *, free: Slot | None = None, use: Slot | None = None) -> bool:
        if free and use and (free.counsellor, free.day) == (use.counsellor, use.day):
            return True
        if use:
            key = (use.counsellor, use.day)
            if self.used.get(key, 0) >= use.terms.daily_limit:
                return False
            self.used[key] = self.used.get(key, 0) + 1
        if free:
            self.used[free.counsellor, free.day] -= 1
        return True

    def change_limit(self, counsellor: UUID, since: date, limit: int) -> None: ...


class FakeOffers:
    def __init__(self) -> None:
        self.offers: dict[UUID, Offer] = {}
        self.responses: dict[UUID, UUID] = {}

    def lock(self, offer: UUID) -> Offer | None:
        return self.offers.get(offer)

    def lock_open_of(self, person: UUID) -> Offer | None:
        found = self.offers.values()
        return next(
            (each for each in found if each.person == person and each.state is OfferState.OPEN),
            None,
        )

    def add(self, offer: Offer) -> None:
        assert self.lock_open_of(offer.person) is None
        self.offers[offer.id] = offer

    def save(self, offer: Offer) -> None:
        self.offers[offer.id] = offer

    def note_response(self, offer: Offer, response: UUID, level: int) -> None:
        self.responses[response] = offer.id


class FakeAppointments:
    def __init__(self) -> None:
        self.appointments: dict[UUID, Appointment] = {}

    def lock(self, appointment: UUID) -> Appointment | None:
        return self.appointments.get(appointment)

    def add(self, appointment: Appointment, worker: int) -> None:
        for other in self.appointments.values():
            if (
                other.person == appointment.person
                and other.starts_at < appointment.ends_at
                and appointment.starts_at < other.ends_at
            ):
                raise WorkerAlreadyBooked
        self.appointments[appointment.id] = appointment

    def save(self, appointment: Appointment) -> None:
        self.appointments[appointment.id] = appointment

    def move(self, appointment: Appointment, worker: int) -> None:
        self.appointments[appointment.id] = appointment


class FakeWork:
    """Everything a use case of booking asks for; what it published stays in `published`."""

    def __init__(self, now: datetime = NOW) -> None:
        self.clock_now = now
        self.timers = FakeTimers()
        self.parties = FakeParties()
        self.sites = FakeSites()
        self.counsellors = FakeCounsellors()
        self.availability = FakeAvailability()
        self.slots = FakeSlots()
        self.offers = FakeOffers()
        self.appointments = FakeAppointments()
        self.correlation_id = "loop-of-the-request"
        self.published: list[Any] = []
        self.loops: list[str] = []
        self.commits = 0

    def __enter__(self) -> "FakeWork":
        return self

    def __exit__(self, *_error: object) -> None: ...

    def commit(self) -> None:
        self.commits += 1

    def publish(self, event: Any, *, unit: str = "", urgent: bool = False) -> None:
        self.published.append(event)
        self.loops.append(self.correlation_id)

    def follow(self, correlation_id: str) -> None:
        self.correlation_id = correlation_id

    def now(self) -> datetime:
        return self.clock_now

    def audit(self, *_row: Any, **_more: Any) -> None: ...
