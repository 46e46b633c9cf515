"""What the pages of care ask booking for."""

from datetime import date, datetime, timedelta
from typing import Any

from services.portal.care.views import OfferView, Site, offer_view
from services.portal.client.refusals import Refused, ServiceDown
from services.portal.web import times
from services.portal.web.visit import Visit

MOST = 200
MOST_PAGES = 5


def open_offer_document(visit: Visit) -> dict[str, Any] | None:
    """The person's open offer as booking tells it; None if there is none or booking is away."""
    items = visit.ask("booking", "/offers", {}, state="open").get("items", [])
    return next(iter(items), None)


def open_offer(visit: Visit) -> OfferView | None:
    """The person's open offer in words."""
    found = open_offer_document(visit)
    view = offer_view(found, visit.now, visit.t) if found else None
    return view if view and view.open else None


def my_appointments(
    visit: Visit, *, since: datetime, until: datetime | None = None
) -> list[dict[str, Any]]:
    """Appointments of the person (or counsellor) from then on, earliest first."""
    found = visit.ask(
        "booking",
        "/appointments",
        {},
        from_=times.wire(since),
        to=times.wire(until) if until else None,
        limit=MOST,
    )
    return list(found.get("items", []))


def sites(visit: Visit) -> list[Site]:
    """Every site; none where they cannot be had: a name is not worth a failure."""
    try:
        found = visit.shared("booking", f"/sites?limit={MOST}")
    except (Refused, ServiceDown):
        return []
    return [
        Site(str(each["id"]), str(each["name"]), str(each.get("unit") or ""))
        for each in found.get("items", [])
    ]


def site_names(visit: Visit) -> dict[str, str]:
    """The sites' names by id."""
    return {site.id: site.name for site in sites(visit)}


def specialities(visit: Visit) -> dict[str, str]:
    """What each counsellor is good at, by id: their names stay with accounts."""
    try:
        found = visit.shared("booking", f"/counsellors?limit={MOST}")
    except (Refused, ServiceDown):
        return {}
    return {
        str(each["id"]): "、".join(each.get("specialities", [])[:2])
        for each in found.get("items", [])
    }


def free_days(visit: Visit, query: dict[str, str | None]) -> dict[date, int] | None:
    """The number of free slots by day; None where booking does not tell."""
    try:
        found = visit.api.get("booking", "/slots/days", **query)
    except Refused:
        return None
    return {date.fromisoformat(each["day"]): int(each["free"]) for each in found["items"]}


def slots_of(visit: Visit, day: date, query: dict[str, str | None]) -> list[dict[str, Any]]:
    """The free slots of one day of the city, those that still lie ahead."""
    start = datetime.combine(day, datetime.min.time(), times.CITY)
    asked: dict[str, Any] = {
        **query,
        "from_": times.wire(max(start, visit.now)),
        "to": times.wire(start + timedelta(days=1)),
        "limit": MOST,
    }
    found: list[dict[str, Any]] = []
    cursor = None
    for _ in range(MOST_PAGES):
        page = visit.api.get("booking", "/slots", **asked, cursor=cursor)
        found += page["items"]
        cursor = page.get("next")
        if cursor is None:
            break
    return found


def first_day(visit: Visit, query: dict[str, str | None]) -> date | None:
    """The day of the very next free slot."""
    items = visit.api.get("booking", "/slots", limit=1, **query)["items"]
    return times.parse(items[0]["starts_at"]).date() if items else None
