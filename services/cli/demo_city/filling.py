"""Fills the city in, telling how far it is; done a second time it changes nothing."""

from collections.abc import Mapping
from datetime import datetime

from services.chassis.runtime import Runtime
from services.cli.campaigning.figures import CITY_TIME
from services.cli.client import PublicClient
from services.cli.demo_city.accounts import fill_accounts
from services.cli.demo_city.booking import fill_counsellors, fill_roster, fill_sites
from services.cli.demo_city.city import COUNSELLORS, ROOT
from services.cli.demo_city.history import close_months, fill_history
from services.cli.demo_city.worker1 import book_a_session, fill_results
from services.cli.progress import bar, step


def fill(runtimes: Mapping[str, Runtime], url: str, password: str) -> None:
    """Units and people first: everything after is arranged by the city's own administrator."""
    with step("units and people") as said:
        said(f"{fill_accounts(runtimes['accounts'], password)} people")
    admin = PublicClient(url).signed_in("city-admin", password)
    with step("duty roster"):
        fill_roster(admin)
    with step("sites and rooms") as said:
        site_ids = fill_sites(admin)
        said(f"{len(site_ids)} sites")
    with bar(COUNSELLORS, "counsellors and their weeks", "counsellors") as progress:
        for _ in fill_counsellors(admin, site_ids):
            progress.update()
    with step("targets of the year"):
        year = datetime.now(CITY_TIME).year
        admin.post("/api/reporting/v1/targets/defaults", {"unit": ROOT, "year": year}, status=200)
    with step("months of simulated history") as said:
        results = fill_results(runtimes["assessment"])
        events = fill_history(runtimes["reporting"], results)
        closed = close_months(admin)
        said(f"{events} events, {closed} months closed")
    with step("worker1's next session"):
        book_a_session(url, password)
