"""Does the mail server take our session: connection, TLS, sign-in. Nothing is sent."""

from collections.abc import Iterator
from contextlib import nullcontext

from services.cli.doctoring.finding import Finding, critical, note, ok
from services.cli.doctoring.system import System
from services.notification.delivery.domain import Accepted
from services.notification.delivery.email import EmailChannel
from services.notification.delivery.sender import Sender
from services.notification.settings import parse_server

SECONDS = 10.0


def look_at_mail(system: System) -> Iterator[Finding]:
    """The server's address stays out of the report: it may hold a password."""
    text, sender = system.get("NOTIFICATION_SMTP_URL"), system.get("NOTIFICATION_MAIL_FROM")
    if not text or not sender:
        if system.embedded:
            yield note("mail", "none is configured: pages show in the portal only")
        else:
            do = "set NOTIFICATION_SMTP_URL and NOTIFICATION_MAIL_FROM"
            yield critical("mail", "none is configured, so no page can leave", do)
        return
    try:
        server = parse_server(text)
        assert server is not None  # noqa: S101  # the text is not empty
        channel = EmailChannel(
            server, Sender(sender), seconds=SECONDS, limit=lambda _seconds: nullcontext()
        )
    except ValueError as error:
        yield critical("mail", f"a setting is wrong: {error}", "mend it", "MailSettingsRefused")
        return
    yield from _tried(channel)
    if not system.get("NOTIFICATION_FALLBACK_CONTACTS"):
        do = "set NOTIFICATION_FALLBACK_CONTACTS"
        yield critical("mail", "nobody is paged where the roster is empty", do, "FallbackPaged")


def _tried(channel: EmailChannel) -> Iterator[Finding]:
    outcome = channel.try_session()
    if isinstance(outcome, Accepted):
        yield ok("mail", "the server takes our session")
        return
    reason = outcome.reason.value
    alert = "MailServerRefusing" if reason in {"unreachable", "timeout"} else "MailSettingsRefused"
    yield critical("mail", f"the server does not take our session: {reason}",
                   "until it does, call officers yourself", alert)  # fmt: skip
