"""Mail over SMTP: one letter, one recipient, one outcome that says whether to try again."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from services.notification.delivery.domain import Accepted, Outcome, Postponed, Refused
from services.notification.delivery.ports import Letter
from services.notification.delivery.sender import Sender
from services.notification.delivery.smtp_url import Security, SmtpServer
from services.notification.messages.domain import Reason

Limit = Callable[[float], AbstractContextManager[object]]


class EmailChannel:
    """Sends letters to one server.

    `limit(seconds)` bounds the whole attempt: a server that answers each command just in time
    would otherwise hold it for ever. Connections are not kept: an attempt depends on no other.
    """

    def __init__(self, server: SmtpServer, sender: Sender, *, seconds: float, limit: Limit) -> None:
        self._server, self._sender = server, sender
        self._seconds, self._limit = seconds, limit

    def send(self, letter: Letter) -> Outcome:
        """One attempt; what went wrong is in the outcome."""
        try:
            with self._limit(self._seconds), self._session() as session:
                mail = write_mail(letter, self._sender)
                session.send_message(mail, self._sender.address, [letter.address])
        except Exception as error:
            return outcome_of(error)
        return Accepted()

    def try_session(self) -> Outcome:
        """Connect, secure, sign in and leave; nothing is sent."""
        try:
            with self._limit(self._seconds), self._session() as session:
                session.noop()
        except Exception as error:
            return outcome_of(error)
        return Accepted()

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        session = self._connect()
        try:
            self._secure(session)
            yield session
        finally:
            # The letter's fate is sealed by now; a farewell that fails must not change it.
            with suppress(Exception):
                session.quit()
            session.close()

    def _connect(self) -> smtplib.SMTP:
        host, port = self._server.host, self._server.port
        if self._server.security is Security.TLS:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, timeout=self._seconds, context=context)
        return smtplib.SMTP(host, port, timeout=self._seconds)

    def _secure(self, session: smtplib.SMTP) -> None:
        if self._server.security is Security.STARTTLS:
            session.starttls(context=ssl.create_default_context())
        if self._server.user is not None:
            session.login(self._server.user, self._server.password or "")


def write_mail(letter: Letter, sender: Sender) -> EmailMessage:
    """The mail of a letter: plain text, and the same Message-ID at every attempt."""
    mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    mail["Message-ID"] = f"<{letter.message}@{sender.domain}>"
    mail["Date"] = format_datetime(letter.written_at)
    mail["From"] = Address(sender.name, addr_spec=sender.address)
    mail["To"] = Address(addr_spec=letter.address)
    mail["Subject"] = letter.subject
    mail["Content-Language"] = letter.language
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if letter.urgent:
        mail["Importance"] = "high"
        mail["X-Priority"] = "1"
    mail.set_content(letter.body)
    return mail


def outcome_of(error: Exception) -> Outcome:
    """What an SMTP failure means. What only we can mend (sign-in, TLS, sender) is tried again."""
    if isinstance(error.__context__, TimeoutError):  # smtplib hides it behind a disconnection
        return Postponed(Reason.TIMEOUT)
    match error:
        case smtplib.SMTPRecipientsRefused():
            code = max(answer[0] for answer in error.recipients.values())
            return _by_code(code, Reason.RECIPIENT_REFUSED)
        case smtplib.SMTPDataError():
            return _by_code(error.smtp_code, Reason.CONTENT_REFUSED)
        case smtplib.SMTPSenderRefused():
            return Postponed(Reason.SENDER_REFUSED)
        case smtplib.SMTPAuthenticationError():
            return Postponed(Reason.LOGIN_REFUSED)
        case smtplib.SMTPNotSupportedError() | ssl.SSLError():
            return Postponed(Reason.TLS_MISSING)
        case TimeoutError():
            return Postponed(Reason.TIMEOUT)
        case smtplib.SMTPException() | OSError():
            return Postponed(Reason.UNREACHABLE)
        case ValueError():
            return Refused(Reason.RECIPIENT_REFUSED)
        case _:
            return Postponed(Reason.BROKEN)


def _by_code(code: int, permanent: Reason) -> Outcome:
    return Refused(permanent) if 500 <= code < 600 else Postponed(Reason.TRY_LATER)
