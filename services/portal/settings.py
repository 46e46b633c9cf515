"""The portal's settings."""

from dataclasses import dataclass, field

from services.chassis.servicetokens import PublicKeys
from services.chassis.settings import ServiceSettings, parse_bool, setting
from services.portal.help.views import Hotline, read_hotlines

MEGABYTE = 1024 * 1024


def parse_links(text: str) -> tuple[tuple[str, str], ...]:
    """`name|address; name|address`."""
    entries = (part.strip() for part in text.split(";") if part.strip())
    found = []
    for entry in entries:
        name, bar, address = entry.partition("|")
        if not bar or not address.strip().startswith(("http://", "https://", "/")):
            raise ValueError(f"not name|address: {entry}")
        found.append((name.strip(), address.strip()))
    return tuple(found)


@dataclass(frozen=True, kw_only=True)
class PortalSettings(ServiceSettings):
    """The portal keeps nothing and hears no events: it needs neither database nor broker.

    It calls services as the person who is signed in, so no service knows it by a key of its own.
    """

    service_key: None = None
    service_keys: PublicKeys = field(default_factory=dict)
    amqp_url: str = setting("PORTAL_AMQP_URL", default="memory://", secret=True)
    web_workers: int = setting("PORTAL_WEB_WORKERS", default=64, parse=int)
    gateway_on: bool = setting("PORTAL_GATEWAY", default=False, parse=parse_bool)
    gateway_limit: int = setting("PORTAL_GATEWAY_LIMIT", default=12 * MEGABYTE, parse=int)
    hotlines: tuple[Hotline, ...] = setting("PORTAL_HOTLINES", default="", parse=read_hotlines)
    ops_links: tuple[tuple[str, str], ...] = setting(
        "PORTAL_OPS_LINKS", default="", parse=parse_links
    )

    @property
    def gateway(self) -> bool:
        """Does the portal stand in for the ingress?"""
        return self.gateway_on or self.embedded
