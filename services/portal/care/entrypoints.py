"""Offer, slots and appointments of a worker."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from werkzeug.wrappers import Response

from services.portal.care import reading
from services.portal.care.views import (
    MODE_ICONS,
    AppointmentView,
    Site,
    SlotView,
    Wish,
    appointment_view,
    offer_view,
    slot_board,
    slot_view,
    wished_day,
)
from services.portal.client.refusals import Refused
from services.portal.web.desk import Desk
from services.portal.web.forms import Form
from services.portal.web.pages import page
from services.portal.web.visit import Visit
from services.portal.wiring import DeskProvider

PAST_DAYS = 180


class CareEntrypoints:
    """From an invitation to a session, and away from it."""

    desk: Desk = DeskProvider()

    @page("GET", "/offer", door="appointments")
    def offer(self, visit: Visit) -> Response:
        """The open invitation."""
        return _offer_page(visit, Form())

    @page("POST", "/offers/<uuid:offer>/decline", door="appointments")
    def decline(self, visit: Visit, offer: UUID) -> Response:
        """No, thank you."""
        try:
            visit.api.post("booking", f"/offers/{offer}/decline", key=visit.form.get("key", ""))
        except Refused as refused:
            return _offer_page(visit, visit.refused(refused.problem), refused.problem.status)
        return visit.go("/", "offer.declined")

    @page("GET", "/slots", door="appointments")
    def slots(self, visit: Visit) -> Response:
        """Free times, day by day."""
        return _slots_page(visit, Form(), visit.argument("offer"))

    @page("POST", "/appointments", door="appointments")
    def book(self, visit: Visit) -> Response:
        """Take a slot; if somebody was faster, choose again."""
        body = {name: visit.form[name] for name in ("slot", "mode") if visit.form.get(name)}
        offer = visit.form.get("offer", "")
        if offer:
            body["offer"] = offer
        try:
            visit.api.post("booking", "/appointments", body, key=visit.form.get("key", ""))
        except Refused as refused:
            return _slots_page(visit, visit.refused(refused.problem), offer)
        return visit.go("/appointments", "appointment.booked")

    @page("GET", "/appointments", door="appointments")
    def appointments(self, visit: Visit) -> Response:
        """What lies ahead and what is past."""
        return _appointments_page(visit, Form())

    @page("GET", "/appointments/<uuid:appointment>/cancel", door="appointments")
    def ask_cancel(self, visit: Visit, appointment: UUID) -> Response:
        """Really?"""
        view = _one(visit, appointment)
        return visit.page("care/cancel.html", appointment=view, key=visit.fresh_key())

    @page("POST", "/appointments/<uuid:appointment>/cancel", door="appointments")
    def cancel(self, visit: Visit, appointment: UUID) -> Response:
        """Give the time to somebody else."""
        key = visit.form.get("key", "")
        try:
            visit.api.call("DELETE", "booking", f"/appointments/{appointment}", key=key)
        except Refused as refused:
            return _appointments_page(visit, visit.refused(refused.problem))
        return visit.go("/appointments", "appointment.cancelled")

    @page("GET", "/appointments/<uuid:appointment>/reschedule", door="appointments")
    def ask_reschedule(self, visit: Visit, appointment: UUID) -> Response:
        """Free times to move to."""
        return _slots_page(visit, Form(), "", moving=_one(visit, appointment))

    @page("POST", "/appointments/<uuid:appointment>/reschedule", door="appointments")
    def reschedule(self, visit: Visit, appointment: UUID) -> Response:
        """Move it."""
        body = {name: visit.form[name] for name in ("slot", "mode") if visit.form.get(name)}
        path, key = f"/appointments/{appointment}/reschedule", visit.form.get("key", "")
        try:
            visit.api.post("booking", path, body, key=key)
        except Refused as refused:
            moving = _one(visit, appointment)
            return _slots_page(visit, visit.refused(refused.problem), "", moving=moving)
        return visit.go("/appointments", "appointment.moved")


def _one(visit: Visit, appointment: UUID) -> AppointmentView:
    found = visit.api.get("booking", f"/appointments/{appointment}")
    return appointment_view(found, reading.site_names(visit), visit.now, visit.t)


def _offer_page(visit: Visit, form: Form, status: int = 200) -> Response:
    document = reading.open_offer_document(visit)
    offer = offer_view(document, visit.now, visit.t) if document else None
    held = (document or {}).get("held")
    names = {**reading.site_names(visit), **reading.specialities(visit)} if held else {}
    return visit.page(
        "care/offer.html",
        status=status,
        form=form,
        offer=offer,
        held=slot_view(held, names, visit.t, held=str(held["id"])) if held else None,
        key=visit.fresh_key(),
    )


def _slots_page(
    visit: Visit, form: Form, offer: str, *, moving: AppointmentView | None = None
) -> Response:
    wish = _wish(visit, offer)
    today, query = visit.now.date(), wish.query
    free = reading.free_days(visit, query)
    shown = wished_day(visit.argument("day"), today)
    shown = shown or (min(free, default=None) if free else reading.first_day(visit, query)) or today
    base = f"/appointments/{moving.id}/reschedule" if moving else "/slots"
    places = reading.sites(visit)
    return visit.page(
        "care/slots.html",
        form=form,
        board=slot_board(_slot_views(visit, shown, wish, places), shown, today, free, visit.t),
        moving=moving is not None,
        base=base,
        action=base if moving else "/appointments",
        link=wish.link(base),
        chips=_chips(visit, base, wish),
        places=sorted(places, key=lambda site: site.distance(_unit(visit))),
        wish=wish,
        offer=offer,
        key=visit.fresh_key(),
    )


def _slot_views(visit: Visit, day: date, wish: Wish, places: list[Site]) -> list[SlotView]:
    names = {**{site.id: site.name for site in places}, **reading.specialities(visit)}
    distances = {site.id: site.distance(_unit(visit)) for site in places}
    held = _held(visit, wish.offer)
    return [
        slot_view(each, names, visit.t, held, wish.mode, distances)
        for each in reading.slots_of(visit, day, wish.query)
    ]


def _unit(visit: Visit) -> str:
    return visit.person.unit if visit.person else ""


def _held(visit: Visit, offer: str) -> str | None:
    document = reading.open_offer_document(visit) if offer else None
    slot = (document or {}).get("slot")
    return str(slot) if slot else None


def _wish(visit: Visit, offer: str) -> Wish:
    mode, site = visit.argument("mode"), visit.argument("site")
    known = {each.id for each in reading.sites(visit)}
    return Wish(
        offer=offer,
        mode=mode if mode in MODE_ICONS else None,
        site=site if site in known else None,
    )


def _chips(visit: Visit, base: str, wish: Wish) -> list[dict[str, Any]]:
    choices: list[tuple[str | None, str]] = [(None, visit.t("slots.any_mode"))]
    choices += [(name, visit.t(f"mode.{name}")) for name in MODE_ICONS]
    return [
        {
            "href": replace(wish, mode=name).link(base).rstrip("&?"),
            "title": title,
            "icon": MODE_ICONS.get(name or ""),
            "current": name == wish.mode,
        }
        for name, title in choices
    ]


def _appointments_page(visit: Visit, form: Form) -> Response:
    listed = reading.my_appointments(visit, since=visit.now - timedelta(days=PAST_DAYS))
    names = {**reading.site_names(visit), **reading.specialities(visit)}
    views = [appointment_view(each, names, visit.now, visit.t) for each in listed]
    coming = [each for each in views if not each.past]
    past = [each for each in reversed(views) if each.past]
    offer = reading.open_offer(visit)
    return visit.page(
        "care/appointments.html", form=form, coming=coming, past=past[:20], offer=offer
    )
