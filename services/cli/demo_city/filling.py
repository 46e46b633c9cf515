"""Fills the city in, telling how far it is; done a second time it changes nothing."""

from collections.abc import Mapping

from tqdm import tqdm

from services.chassis.runtime import Runtime
from services.cli.client import PublicClient
from services.cli.demo_city.accounts import fill_accounts
from services.cli.demo_city.booking import fill_counsellors, fill_roster, fill_sites
from services.cli.demo_city.city import COUNSELLORS
from services.cli.progress import step


def fill(runtimes: Mapping[str, Runtime], url: str, password: str) -> None:
    """Units and people first: everything after is arranged by the city's own administrator."""
    with step("units and people") as said:
        said(f"{fill_accounts(runtimes['accounts'], password)} people")
    admin = PublicClient(url).signed_in("city-admin", password)
    with step("sites and rooms") as said:
        site_ids = fill_sites(admin)
        said(f"{len(site_ids)} sites")
    counsellors = fill_counsellors(admin, site_ids)
    for _ in tqdm(counsellors, "  counsellors and their weeks", COUNSELLORS, leave=False):
        pass
    with step("duty roster"):
        fill_roster(admin)
