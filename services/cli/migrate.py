"""Bring the databases of the services to the newest schema; running it twice changes nothing."""

import argparse
import time

from sqlalchemy.exc import OperationalError

from services.apphost import KEEPERS
from services.chassis.migrations import migrate, stands
from services.cli.environ import read_setting
from services.cli.errors import CommandFailed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which services, and how long a database may take to appear."""
    parser.add_argument("services", nargs="*", default=KEEPERS, help="all of them by default")
    parser.add_argument(
        "--check", action="store_true", help="change nothing; wait until the schema is there"
    )
    parser.add_argument("--wait", type=float, default=60.0, help="seconds to wait for a database")


def run(arguments: argparse.Namespace) -> int:
    """Each service's address comes from its own setting, e.g. BOOKING_DATABASE_URL."""
    unknown = set(arguments.services) - set(KEEPERS)
    if unknown:
        raise CommandFailed(f"No such service with data: {', '.join(sorted(unknown))}.")
    for service in arguments.services:
        url = read_setting(f"{service.upper()}_DATABASE_URL")
        if arguments.check:
            await_schema(service, url, arguments.wait)
            print(f"  {service:<14}stands", flush=True)
            continue
        applied = migrate_patiently(service, url, arguments.wait)
        print(f"  {service:<14}{', '.join(applied) or 'up to date'}", flush=True)
    return 0


def migrate_patiently(service: str, url: str, wait: float) -> list[str]:
    """Migrate as soon as the database answers; raises CommandFailed when it does not."""
    deadline = time.monotonic() + wait
    while True:
        try:
            return migrate(service, url)
        except OperationalError as error:
            if time.monotonic() > deadline:
                raise CommandFailed(f"{service}'s database does not answer: {error.orig}") from None
            time.sleep(1)


def await_schema(service: str, url: str, wait: float) -> None:
    """Return once somebody brought the database to this code's schema; else CommandFailed."""
    deadline = time.monotonic() + wait
    why = "its schema is older than this version"
    while True:
        try:
            if stands(service, url):
                return
        except OperationalError as error:
            why = f"it does not answer: {error.orig}"
        if time.monotonic() > deadline:
            raise CommandFailed(
                f"{service}'s database is not ready, {why}. Run ./huixin migrate {service}."
            )
        time.sleep(1)
