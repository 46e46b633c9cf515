"""Who lives and works in the city of a run: few counsellors, so that hours are contended."""

from typing import Any

from services.apphost import SERVICES
from services.chassis.runtime import build_runtime
from services.cli.client import PublicClient
from services.cli.demo_city.accounts import fill_accounts
from services.cli.demo_city.booking import BOOKING, fill_roster
from services.cli.demo_city.city import DISTRICTS, ROOT, person_id, staff, workers
from tests.faults.harness.city import FragileCity

PASSWORD = "huixin-demo"
COUNSELLORS = 8
OFFICERS = ("duty1", "duty2")


def fill(city: FragileCity) -> None:
    """Accounts from the demonstration city, then sites, counsellors and the roster."""
    runtime = build_runtime(SERVICES["accounts"].load(), city.settings)
    fill_accounts(runtime, PASSWORD)
    runtime.close()
    admin = PublicClient(city.url("portal")).signed_in("city-admin", PASSWORD)
    fill_roster(admin)
    sites = [_open_site(admin, f"{ROOT}/{district}") for district in DISTRICTS]
    for number in range(1, COUNSELLORS + 1):
        _employ(admin, number, sites[number % len(sites)])


def _open_site(admin: PublicClient, unit: str) -> str:
    body = {"name": f"服务点 {unit}", "level": "district-branch", "unit": unit}
    site = str(admin.post(f"{BOOKING}/sites", body)["id"])
    admin.post(f"{BOOKING}/sites/{site}/rooms", {"name": "咨询室1", "equipment": []})
    return site


def _employ(admin: PublicClient, number: int, site: str) -> None:
    modes = ["in-person", "video"] if number % 2 else ["video", "phone"]
    person = str(person_id(f"counsellor{number}"))
    terms = {
        "person": person,
        "unit": ROOT,
        "specialities": ["情绪管理"],
        "modes": modes,
        "sites": [site],
        "daily_limit": 9,
        "credential_expires_on": "2099-12-31",
    }
    admin.post(f"{BOOKING}/counsellors", terms)
    week = [_hours(weekday, site, modes) for weekday in range(1, 8)]
    admin.put(f"{BOOKING}/counsellors/{person}/availability", {"items": week})


def _hours(weekday: int, site: str, modes: list[str]) -> dict[str, Any]:
    hours = {"starts": "08:00", "ends": "20:00"}
    return {"weekday": weekday, "site": site, "modes": modes, **hours}


def personal_data() -> list[str]:
    """Names, logins' addresses: what no log, queue or audit row may hold."""
    people = [*staff(), *workers()]
    return [word for each in people for word in (each.name, each.email)]
