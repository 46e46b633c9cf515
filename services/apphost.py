"""The whole system on one page: its services, where they listen, and what the portal stands for.

`./huixin demo` runs all of them in one process; `./huixin service NAME` runs one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True, slots=True)
class Wired:
    """One service: its nameko class, its port, and whether it keeps data of its own."""

    name: str
    service: str
    port: int
    keeps_data: bool = True

    def load(self) -> Any:
        """The service class; nothing of a service is imported before this."""
        module, _, name = self.service.partition(":")
        return getattr(import_module(module), name)


# In the order of starting: accounts signs the tokens that all others check.
SERVICES: dict[str, Wired] = {
    each.name: each
    for each in (
        Wired("accounts", "services.accounts.service:AccountsService", 8105),
        Wired("booking", "services.booking.service:BookingService", 8101),
        Wired("assessment", "services.assessment.service:AssessmentService", 8102),
        Wired("notification", "services.notification.service:NotificationService", 8103),
        Wired("reporting", "services.reporting.service:ReportingService", 8104),
        Wired("portal", "services.portal.service:PortalService", 8100, keeps_data=False),
    )
}
KEEPERS = tuple(each.name for each in SERVICES.values() if each.keeps_data)


def default_ports() -> dict[str, int]:
    """Each service's usual port."""
    return {each.name: each.port for each in SERVICES.values()}


def load_all(names: Iterable[str] = SERVICES) -> list[Any]:
    """The service classes, in the order of starting."""
    return [SERVICES[name].load() for name in names]
