"""Offers, slots and appointments as the pages show them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, takewhile
from typing import Any
from urllib.parse import urlencode

from services.portal.web import times
from services.portal.web.language import Translator

MODE_ICONS = {"in-person": "place", "video": "video", "phone": "phone"}
DAYS_SHOWN = 14


def named(value: Any, names: Mapping[str, str]) -> str:
    """A site's or counsellor's name: from the object itself, or from the list of names."""
    if isinstance(value, Mapping):
        return str(value.get("name") or names.get(str(value.get("id")), ""))
    return names.get(str(value), "")


@dataclass(frozen=True)
class Site:
    """A place where sessions are held, and the unit it belongs to."""

    id: str
    name: str
    unit: str

    def distance(self, unit: str) -> int:
        """How many steps of the union's tree lie between the site and a person's unit."""
        here, there = self.unit.split("/"), unit.split("/")
        shared = sum(
            1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(here, there, strict=False))
        )
        return len(here) + len(there) - 2 * shared


@dataclass(frozen=True)
class SlotView:
    """One time to choose."""

    id: str
    starts: datetime
    ends: datetime
    time: str
    day: str
    mode: str
    mode_title: str
    icon: str
    site: str
    counsellor: str
    held: bool = False
    distance: int = 0


def slot_view(
    slot: Mapping[str, Any],
    names: Mapping[str, str],
    t: Translator,
    held: str | None = None,
    mode: str | None = None,
    distances: Mapping[str, int] | None = None,
) -> SlotView:
    """A slot in local time and words; `held` is the slot an offer keeps for the person.

    `names` are those of sites, and what counsellors are good at, by id.
    """
    starts, ends = times.parse(slot["starts_at"]), times.parse(slot["ends_at"])
    mode = mode or str(slot.get("mode") or "in-person")
    return SlotView(
        id=str(slot["id"]),
        starts=starts,
        ends=ends,
        time=times.span(starts, ends),
        day=times.day(starts, t.language),
        mode=mode,
        mode_title=t.either(f"mode.{mode}", mode),
        icon=MODE_ICONS.get(mode, "place"),
        site=named(slot.get("site"), names),
        counsellor=named(slot.get("counsellor"), names),
        held=held is not None and held == str(slot["id"]),
        distance=(distances or {}).get(str(slot.get("site")), 0),
    )


@dataclass(frozen=True)
class Wish:
    """Which slots somebody looks for."""

    offer: str = ""
    mode: str | None = None
    site: str | None = None

    @property
    def query(self) -> dict[str, str | None]:
        """As booking wants it."""
        return {"offer": self.offer or None, "mode": self.mode, "site": self.site}

    def link(self, base: str) -> str:
        """The page's address for this wish, to which `day=…` can be added."""
        given = {name: value for name, value in self.query.items() if value}
        return f"{base}?{urlencode(given)}&" if given else f"{base}?"


@dataclass(frozen=True)
class DayTab:
    """One day of the strip above the slots; `free` is unknown where booking did not count."""

    date: str
    weekday: str
    number: int
    free: int | None
    current: bool


@dataclass(frozen=True)
class SlotGroup:
    """Slots that begin at one time: the first to take, the others to choose from."""

    first: SlotView
    others: tuple[SlotView, ...]


@dataclass(frozen=True)
class SlotBoard:
    """The days with their numbers of free slots, and the slots of the chosen day."""

    days: tuple[DayTab, ...]
    groups: tuple[SlotGroup, ...]
    day: str


def slot_board(
    slots: Iterable[SlotView],
    shown: date,
    today: date,
    free: Mapping[date, int] | None,
    t: Translator,
) -> SlotBoard:
    """Fourteen days from today (more if the shown one lies later) and one day's slots."""
    last = max(today + timedelta(days=DAYS_SHOWN - 1), shown)
    days = [today + timedelta(days=number) for number in range((last - today).days + 1)]
    return SlotBoard(
        days=tuple(_tab(day, shown, free, t) for day in days),
        groups=_groups(slots),
        day=times.day(datetime.combine(shown, datetime.min.time(), times.CITY), t.language),
    )


def _groups(slots: Iterable[SlotView]) -> tuple[SlotGroup, ...]:
    """By time; in each group a held slot comes first, then the nearest ones."""
    ordered = sorted(slots, key=lambda slot: (slot.starts, not slot.held, slot.distance))
    groups = (list(same) for _, same in groupby(ordered, key=lambda slot: slot.starts))
    return tuple(SlotGroup(group[0], tuple(group[1:])) for group in groups)


def _tab(day: date, shown: date, free: Mapping[date, int] | None, t: Translator) -> DayTab:
    number = None if free is None else free.get(day, 0)
    return DayTab(day.isoformat(), times.weekday(day, t.language), day.day, number, day == shown)


def wished_day(wish: str, today: date) -> date | None:
    """The day an address asks for; None if it is none, or past, or far away."""
    try:
        found = date.fromisoformat(wish)
    except ValueError:
        return None
    return found if today <= found <= today + timedelta(days=92) else None


@dataclass(frozen=True)
class OfferView:
    """An offer of counselling."""

    id: str
    state: str
    open: bool
    urgent: bool
    reason: str
    until: str
    left: str
    slot: str | None


def offer_view(offer: Mapping[str, Any], now: datetime, t: Translator) -> OfferView:
    """An offer in plain words; the reason never names a result."""
    expires = times.parse(offer["expires_at"])
    state = str(offer["state"])
    urgency = str(offer.get("urgency") or "")
    return OfferView(
        id=str(offer["id"]),
        state=state,
        open=state == "open" and expires > now,
        urgent=urgency in {"3", "4", "urgent", "high"},
        reason=t.either(f"offer.reason.{offer.get('reason')}", t("offer.reason.any")),
        until=times.moment(expires, t.language),
        left=times.left(expires, now, t),
        slot=_slot_id(offer.get("slot")),
    )


def _slot_id(slot: Any) -> str | None:
    if isinstance(slot, Mapping):
        slot = slot.get("id")
    return str(slot) if slot else None


@dataclass(frozen=True)
class AppointmentView:
    """One appointment."""

    id: str
    state: str
    state_title: str
    tone: str
    starts: datetime
    day_number: int
    month: str
    day: str
    time: str
    mode_title: str
    icon: str
    site: str
    counsellor: str
    person: str
    past: bool
    changeable: bool
    left: str


TONES = {"booked": "info", "checked-in": "warm", "completed": "good", "no-show": "alarm"}


def appointment_view(
    appointment: Mapping[str, Any], names: Mapping[str, str], now: datetime, t: Translator
) -> AppointmentView:
    """An appointment in local time and words."""
    starts, ends = times.parse(appointment["starts_at"]), times.parse(appointment["ends_at"])
    state, mode = str(appointment["state"]), str(appointment.get("mode") or "in-person")
    past = ends <= now or state in {"cancelled", "completed", "no-show"}
    return AppointmentView(
        id=str(appointment["id"]),
        state=state,
        state_title=t.either(f"appointment.state.{state}", state),
        tone=TONES.get(state, ""),
        starts=starts,
        day_number=starts.day,
        month=times.month_name(starts.month, t.language),
        day=times.day(starts, t.language),
        time=times.span(starts, ends),
        mode_title=t.either(f"mode.{mode}", mode),
        icon=MODE_ICONS.get(mode, "place"),
        site=named(appointment.get("site"), names),
        counsellor=named(appointment.get("counsellor"), names),
        person=str(appointment.get("person") or "")[:8],
        past=past,
        changeable=state == "booked" and starts > now,
        left=times.left(starts, now, t) if starts > now else "",
    )


def next_appointment(appointments: Sequence[AppointmentView]) -> AppointmentView | None:
    """The soonest one that still lies ahead."""
    ahead = [each for each in appointments if not each.past and each.state == "booked"]
    return min(ahead, key=lambda each: each.starts, default=None)
