"""Mails: how they look, what a server's answer means, and where the server is."""

import smtplib
import ssl
from email import message_from_bytes
from email.policy import default
from uuid import uuid4

import pytest

from services.notification.delivery.domain import Accepted, Postponed, Refused
from services.notification.delivery.email import outcome_of, write_mail
from services.notification.delivery.ports import Letter
from services.notification.delivery.sender import Sender
from services.notification.delivery.smtp_url import Security, parse_smtp_url
from services.notification.messages.domain import Reason
from tests.unit.notification.fakes import NOON

SENDER = Sender("惠心 <no-reply@huixin.example>")


def a_letter(**fields):
    good = {
        "message": uuid4(),
        "address": "w@b.cn",
        "language": "zh",
        "subject": "您有一条新消息",
        "body": "请登录\n",
        "urgent": False,
        "written_at": NOON,
    }
    return Letter(**{**good, **fields})


def test_a_mail_is_the_same_at_every_attempt():
    letter = a_letter()

    first, second = (write_mail(letter, SENDER).as_bytes() for _ in range(2))

    assert first == second
    mail = message_from_bytes(first, policy=default)
    assert mail["Message-ID"] == f"<{letter.message}@huixin.example>"
    assert (mail["From"], mail["Subject"]) == ("惠心 <no-reply@huixin.example>", letter.subject)
    assert mail.get_content().strip() == "请登录" and mail["Auto-Submitted"] == "auto-generated"


def test_a_mail_is_seven_bit_clean():
    assert write_mail(a_letter(), SENDER).as_bytes().isascii()


def test_an_address_cannot_smuggle_headers():
    with pytest.raises(ValueError):
        write_mail(a_letter(address="w@b.cn\r\nBcc: x@b.cn"), SENDER)
    assert outcome_of(ValueError()) == Refused(Reason.RECIPIENT_REFUSED)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no")}), Refused(Reason.RECIPIENT_REFUSED)),
        (smtplib.SMTPRecipientsRefused({"a": (451, b"later")}), Postponed(Reason.TRY_LATER)),
        (smtplib.SMTPDataError(554, b"spam"), Refused(Reason.CONTENT_REFUSED)),
        (smtplib.SMTPDataError(452, b"full"), Postponed(Reason.TRY_LATER)),
        (smtplib.SMTPSenderRefused(550, b"who", "a"), Postponed(Reason.SENDER_REFUSED)),
        (smtplib.SMTPAuthenticationError(535, b"no"), Postponed(Reason.LOGIN_REFUSED)),
        (smtplib.SMTPNotSupportedError("tls"), Postponed(Reason.TLS_MISSING)),
        (ssl.SSLCertVerificationError(), Postponed(Reason.TLS_MISSING)),
        (smtplib.SMTPServerDisconnected("gone"), Postponed(Reason.UNREACHABLE)),
        (smtplib.SMTPConnectError(421, b"busy"), Postponed(Reason.UNREACHABLE)),
        (ConnectionRefusedError(), Postponed(Reason.UNREACHABLE)),
        (TimeoutError(), Postponed(Reason.TIMEOUT)),
        (RuntimeError(), Postponed(Reason.BROKEN)),
    ],
)
def test_a_servers_answer_says_whether_to_try_again(error, outcome):
    assert outcome_of(error) == outcome
    assert outcome != Accepted()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://u:p%40ss@mail.cn", ("mail.cn", 587, Security.STARTTLS, "u", "p@ss")),
        ("smtps://mail.cn", ("mail.cn", 465, Security.TLS, None, None)),
        ("smtp://127.0.0.1:1025", ("127.0.0.1", 1025, Security.PLAIN, None, None)),
        ("smtp://localhost:25?starttls=required", ("localhost", 25, Security.STARTTLS, None, None)),
        ("smtp://mailbox:1025?starttls=off", ("mailbox", 1025, Security.PLAIN, None, None)),
    ],
)
def test_the_server_of_a_url(url, expected):
    server = parse_smtp_url(url)

    found = (server.host, server.port, server.security, server.user, server.password)
    assert found == expected
    assert "p@ss" not in repr(server)


@pytest.mark.parametrize(
    "url",
    ["mail.cn:25", "http://mail.cn", "smtp://", "smtp://u:p@mail.cn?starttls=off", "smtp://m?starttls=maybe"],
)  # fmt: skip
def test_a_url_that_is_wrong_or_leaks_is_refused(url):
    with pytest.raises(ValueError):
        parse_smtp_url(url)


@pytest.mark.parametrize("text", ["", "惠心", "a@", "@b.cn"])
def test_a_sender_needs_an_address(text):
    with pytest.raises(ValueError):
        Sender(text)
