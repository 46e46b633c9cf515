"""Settings of accounts, from the environment."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network

from services.accounts.sessions.passwords import Argon2Costs
from services.accounts.units.domain import Levels
from services.chassis.settings import KeeperSettings, parse_networks, setting


def parse_hours(text: str) -> timedelta:
    """A positive number of hours."""
    hours = float(text)
    if hours <= 0:
        raise ValueError("expected a positive number of hours")
    return timedelta(hours=hours)


def parse_days(text: str) -> timedelta:
    """A positive number of days."""
    days = float(text)
    if days <= 0:
        raise ValueError("expected a positive number of days")
    return timedelta(days=days)


def parse_seconds(text: str) -> timedelta:
    """A positive number of seconds."""
    seconds = float(text)
    if seconds <= 0:
        raise ValueError("expected a positive number of seconds")
    return timedelta(seconds=seconds)


def parse_costs(text: str) -> Argon2Costs:
    """`memory KiB, passes, lanes`; never less than a login deserves."""
    memory, passes, lanes = (int(part) for part in text.split(","))
    if memory < 7_168 or passes < 1 or lanes < 1:
        raise ValueError("expected at least 7168,5,1 or 19456,2,1")
    return Argon2Costs(memory, passes, lanes)


@dataclass(frozen=True, kw_only=True)
class AccountsSettings(KeeperSettings):
    """What accounts needs to know."""

    levels: Levels = setting(
        "ACCOUNTS_UNIT_LEVELS",
        default="city > district > station|enterprise",
        parse=Levels.parse,
    )
    worker_session: timedelta = setting(
        "ACCOUNTS_WORKER_SESSION_HOURS", default="720", parse=parse_hours
    )
    staff_session: timedelta = setting(
        "ACCOUNTS_STAFF_SESSION_HOURS", default="12", parse=parse_hours
    )
    temporary_lifetime: timedelta = setting(
        "ACCOUNTS_TEMPORARY_HOURS", default="4", parse=parse_hours
    )
    argon2: Argon2Costs = setting("ACCOUNTS_ARGON2", default="19456,2,1", parse=parse_costs)
    import_rows: int = setting("ACCOUNTS_IMPORT_ROWS", default=20_000, parse=int)
    copies_kept: timedelta = setting("ACCOUNTS_SUBSCRIPTION_DAYS", default="90", parse=parse_days)
    subscription_heartbeat: timedelta = setting(
        "ACCOUNTS_SUBSCRIPTION_HEARTBEAT_SECONDS", default="60", parse=parse_seconds
    )
    webhook_networks: tuple[IPv4Network | IPv6Network, ...] = setting(
        "ACCOUNTS_WEBHOOK_NETWORKS", default="", parse=parse_networks
    )
