"""What the notification service needs to know, from the environment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self
from urllib.parse import urlsplit

from services.chassis.settings import KeeperSettings, SettingsError, setting
from services.notification.delivery.domain import ORDINARY, PAGES
from services.notification.delivery.sender import Sender
from services.notification.delivery.smtp_url import SmtpServer, parse_smtp_url
from services.notification.escalations.ports import PagingPolicy
from services.notification.wording.linter import require_discreet


def parse_sender(text: str) -> Sender | None:
    """A sender whose name and address tell a stranger nothing; raises ValueError."""
    require_discreet("the sender", text)
    return Sender(text) if text else None


def parse_server(text: str) -> SmtpServer | None:
    """None, where mail is not configured."""
    return parse_smtp_url(text) if text else None


def parse_public_url(text: str) -> str:
    """The portal's address, as mails show it; raises ValueError."""
    url = urlsplit(text)
    require_discreet("the public address", f"{url.hostname or ''} {url.path}")
    if text and not (url.scheme in {"https", "http"} and url.hostname):
        raise ValueError("expected https://…")
    return text


def parse_addresses(text: str) -> tuple[str, ...]:
    """Comma-separated mail addresses."""
    addresses = tuple(each.strip() for each in text.split(",") if each.strip())
    if any("@" not in each for each in addresses):
        raise ValueError("expected mail addresses")
    return addresses


def seconds_below(most: float) -> Callable[[str], float]:
    """Seconds above zero and below a bound; raises ValueError."""

    def parse(text: str) -> float:
        if not 0 < (seconds := float(text)) < most:
            raise ValueError(f"expected more than 0 and less than {most:g}")
        return seconds

    return parse


# An attempt that could outlive two thirds of its lease would never be made.
PAGE_LIMIT = PAGES.lease.total_seconds() * 2 / 3
MAIL_LIMIT = ORDINARY.lease.total_seconds() * 2 / 3
# Booking takes a page for lost after 30 s.
WINDOW_LIMIT = 30.0


@dataclass(frozen=True, kw_only=True)
class NotificationSettings(KeeperSettings):
    """Only the embedded mode may do without a mail server and a fallback contact."""

    smtp: SmtpServer | None = setting(
        "NOTIFICATION_SMTP_URL", default="", parse=parse_server, secret=True
    )
    mail_from: Sender | None = setting("NOTIFICATION_MAIL_FROM", default="", parse=parse_sender)
    public_url: str = setting("NOTIFICATION_PUBLIC_URL", default="", parse=parse_public_url)
    fallback_contacts: tuple[str, ...] = setting(
        "NOTIFICATION_FALLBACK_CONTACTS", default="", parse=parse_addresses, secret=True
    )
    page_threads: int = setting("NOTIFICATION_PAGE_THREADS", default=6, parse=int)
    mail_threads: int = setting("NOTIFICATION_MAIL_THREADS", default=4, parse=int)
    page_seconds: float = setting(
        "NOTIFICATION_PAGE_SECONDS", default="10", parse=seconds_below(PAGE_LIMIT)
    )
    mail_seconds: float = setting(
        "NOTIFICATION_MAIL_SECONDS", default="20", parse=seconds_below(MAIL_LIMIT)
    )
    page_window: float = setting(
        "NOTIFICATION_PAGE_WINDOW_SECONDS", default="5", parse=seconds_below(WINDOW_LIMIT)
    )
    page_repeat: float = setting("NOTIFICATION_PAGE_REPEAT_MINUTES", default=15.0, parse=float)
    kept_days: int = setting("NOTIFICATION_KEPT_DAYS", default=180, parse=int)

    @classmethod
    def load(cls, service: str, environ: Mapping[str, str]) -> Self:
        """Read them; raises SettingsError naming all that is wrong."""
        settings = super().load(service, environ)
        required = {
            "NOTIFICATION_SMTP_URL": settings.smtp,
            "NOTIFICATION_MAIL_FROM": settings.mail_from,
            "NOTIFICATION_PUBLIC_URL": settings.public_url,
            "NOTIFICATION_FALLBACK_CONTACTS": settings.fallback_contacts,
        }
        missing = [name for name, value in required.items() if not value]
        if missing and not settings.embedded:
            raise SettingsError(f"{service}: {', '.join(missing)}: not set")
        return settings

    @property
    def paging(self) -> PagingPolicy:
        """How pages repeat and gather."""
        return PagingPolicy(
            repeat=timedelta(minutes=self.page_repeat),
            window=timedelta(seconds=self.page_window),
            fallbacks=len(self.fallback_contacts),
        )
