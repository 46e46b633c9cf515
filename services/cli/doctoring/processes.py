"""Do the services answer, and do they say that they can work."""

from collections.abc import Iterator

import requests

from services.apphost import SERVICES
from services.cli.doctoring.finding import Finding, critical, ok, warning
from services.cli.doctoring.system import System

SECONDS = 5


def look_at_processes(system: System) -> Iterator[Finding]:
    """One finding a service."""
    addresses = system.addresses()
    for service in SERVICES:
        if service not in addresses:
            yield warning(service, "no address is known", "set HUIXIN_PEERS, PORTAL_PUBLIC_URL")
        else:
            yield _look(system, service, addresses[service].rstrip("/"))


def _look(system: System, service: str, url: str) -> Finding:
    log = system.log_of(service)
    try:
        answer = requests.get(f"{url}/health/ready", timeout=SECONDS)
        document = answer.json()
    except (requests.RequestException, ValueError):
        return critical(service, f"does not answer at {url}", f"{log}; restart it", "ServiceDown")
    if answer.status_code != 200:
        return critical(service, "runs, and its database is away", log, "DatabaseAway")
    if document.get("status") == "degraded":
        return warning(service, "works; its events do not leave", log, "OutboxOld")
    return ok(service, f"ready at {url}")
