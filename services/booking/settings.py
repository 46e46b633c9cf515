"""Booking's settings."""

from dataclasses import dataclass
from pathlib import Path

from services.chassis.settings import KeeperSettings, setting


@dataclass(frozen=True, kw_only=True)
class BookingSettings(KeeperSettings):
    """What the environment says beyond what every service needs."""

    # scheduling
    offer_policy: Path | None = setting("BOOKING_OFFER_POLICY", default=None, parse=Path)
    horizon_days: int = setting("BOOKING_HORIZON_DAYS", default=28, parse=int)
    session_minutes: int = setting("BOOKING_SESSION_MINUTES", default=50, parse=int)
    pause_minutes: int = setting("BOOKING_PAUSE_MINUTES", default=10, parse=int)
    # cases and rosters
    crisis_policy: Path | None = setting("BOOKING_CRISIS_POLICY", default=None, parse=Path)
