"""Sites, counsellors, their weeks and the duty roster, arranged through the public interface."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from services.cli.campaigning.figures import CITY_TIME
from services.cli.client import PublicClient
from services.cli.demo_city.city import (
    COUNSELLORS,
    OFFICERS,
    ROOT,
    SPECIALITIES,
    CitySite,
    person_id,
    sites,
)

BOOKING = "/api/booking/v1"
ROSTER_DAYS = 60
ENOUGH_DAYS = 14


def fill_sites(admin: PublicClient) -> dict[str, str]:
    """Open what is missing; returns the id of each site by its name."""
    known = {each["name"]: each["id"] for each in admin.every(f"{BOOKING}/sites")}
    for site in sites():
        if site.name not in known:
            known[site.name] = _open(admin, site)
    return known


def _open(admin: PublicClient, site: CitySite) -> str:
    body = {"name": site.name, "level": site.level, "unit": site.unit}
    opened = str(admin.post(f"{BOOKING}/sites", body)["id"])
    for number in range(1, site.rooms + 1):
        room = {"name": f"咨询室{number}", "equipment": ["隔音", "沙发", "纸巾"]}
        admin.post(f"{BOOKING}/sites/{opened}/rooms", room)
    return opened


def fill_counsellors(admin: PublicClient, site_ids: dict[str, str]) -> Iterator[str]:
    """Take the 40 into the pool and give each a week; yields each login as it is done."""
    known = {each["id"] for each in admin.every(f"{BOOKING}/counsellor-terms")}
    places = [site_ids[site.name] for site in sites()]
    for number in range(1, COUNSELLORS + 1):
        login = f"counsellor{number}"
        place = places[number * len(places) // (COUNSELLORS + 1)]
        path = f"{BOOKING}/counsellors/{person_id(login)}"
        if str(person_id(login)) not in known:
            admin.post(f"{BOOKING}/counsellors", _counsellor(number, place))
        if not admin.get(f"{path}/availability")["items"]:
            admin.put(f"{path}/availability", {"items": list(_week(number, place))})
        yield login


def _counsellor(number: int, place: str) -> dict[str, Any]:
    offered = [SPECIALITIES[(number + step) % len(SPECIALITIES)] for step in (0, 3, 5)]
    return {
        "person": str(person_id(f"counsellor{number}")),
        "unit": ROOT,
        "specialities": offered,
        "modes": ["in-person", "video"] if number % 3 else ["in-person", "video", "phone"],
        "sites": [place],
        "daily_limit": 6,
        "credential_expires_on": f"{date.today().year + 2}-12-31",  # noqa: DTZ011  any day of the year will do
    }


def _week(number: int, place: str) -> Iterator[dict[str, Any]]:
    """Three weekdays, a half-day more for some, and evenings or weekends for every fourth."""
    days = [(number + step) % 5 + 1 for step in (0, 2, 4)]
    for weekday in days:
        yield _hours(weekday, "09:00", "12:00", place)
        yield _hours(weekday, "14:00", "17:00", place)
    if number % 4 == 0:
        yield _hours(6 + number // 4 % 2, "09:00", "15:00", place)
        yield {**_hours(days[0], "19:00", "21:00", place), "modes": ["video"]}


def _hours(weekday: int, starts: str, ends: str, place: str) -> dict[str, Any]:
    modes = ["in-person", "video"]
    return {"weekday": weekday, "starts": starts, "ends": ends, "site": place, "modes": modes}


def fill_roster(admin: PublicClient) -> None:
    """Two officers, day and night by turns, on both tiers, so that no hour is uncovered."""
    today = datetime.now(CITY_TIME).date()
    horizon = (today + timedelta(days=ENOUGH_DAYS)).isoformat()
    if admin.get(f"{BOOKING}/rosters/coverage", to=horizon)["covered"]:
        return
    for tier, (by_day, by_night) in enumerate((OFFICERS, OFFICERS[::-1]), 1):
        _plan(admin, by_day, tier, today, time(8), 12)
        _plan(admin, by_night, tier, today - timedelta(days=1), time(20), 12)


def _plan(
    admin: PublicClient, officer: str, tier: int, first: date, begins: time, hours: int
) -> None:
    person = str(person_id(officer))
    planned = [
        datetime.fromisoformat(each["starts_at"]).astimezone(CITY_TIME).date()
        for each in admin.every(f"{BOOKING}/rosters/shifts", officer=person, tier=tier)
    ]
    day = max([first, *(each + timedelta(days=1) for each in planned)])
    starts_at = datetime.combine(day, begins, CITY_TIME)
    body = {
        "officer": person,
        "tier": tier,
        "unit": ROOT,
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=hours)).isoformat(),
        "days": ROSTER_DAYS,
    }
    admin.post(f"{BOOKING}/rosters/shifts", body)
