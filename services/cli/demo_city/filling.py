"""Fills the city in, telling how far it is; done a second time it changes nothing."""

from collections.abc import Mapping

from services.chassis.runtime import Runtime
from services.cli.client import PublicClient
from services.cli.demo_city.accounts import fill_accounts
from services.cli.demo_city.booking import fill_counsellors, fill_roster, fill_sites
from services.cli.demo_city.city import COUNSELLORS
from services.cli.progress import bar, step


def fill(runtimes: Mapping[str, Runtime], url: str, password: str) -> None:
    """Units and people first: everything after is arranged by the city's own administrator."""
    with step("units and people") as said:
        said(f"{fill_accounts(runtimes['accounts'], password)} people")
    admin = PublicClient(url).signed_in("city-admin", password)
    with step("sites and rooms") as said:
        site_ids = fill_sites(admin)
        said(f"{len(site_ids)} sites")
    with bar(COUNSELLORS, "counsellors and their weeks", "counsellors") as progress:
        for _ in fill_counsellors(admin, site_ids):
            progress.update()
    with step("duty roster"):
        fill_roster(admin)
