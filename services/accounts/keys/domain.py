"""Signing keys: published before use, used, and published until nothing needs them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

PUBLISHED_BEFORE_USE = timedelta(hours=1)
USED_FOR = timedelta(days=30)
PUBLISHED_AFTER_USE = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """One ES256 key; `private` is its PEM, opened."""

    kid: str
    active_from: datetime
    private: bytes
    public: dict[str, Any]

    def published(self, now: datetime) -> bool:
        """Whether tokens it signed may still be about."""
        return now < self.active_from + USED_FOR + PUBLISHED_BEFORE_USE + PUBLISHED_AFTER_USE

    def needs_successor(self, now: datetime) -> bool:
        """Whether it is time to make and publish the next one."""
        return now >= self.active_from + USED_FOR


def choose(keys: list[SigningKey], now: datetime) -> SigningKey | None:
    """The newest key that is already in use."""
    usable = [key for key in keys if key.active_from <= now]
    return max(usable, key=lambda key: key.active_from, default=None)
