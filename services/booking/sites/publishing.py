"""What the world hears of sites."""

from services.booking.sites.domain import Site
from services.contracts.booking import SiteOpenedV1


def opened(site: Site) -> SiteOpenedV1:
    """A new place of the network."""
    return SiteOpenedV1(site=site.id, level=site.level.value, name=site.name)
