"""Mail a one-time code to an address accounts has chosen; it never shows in the inbox."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from services.contracts.envelope import wire_time
from services.contracts.notification import Channel
from services.notification.delivery.claiming import claim
from services.notification.delivery.domain import Claim
from services.notification.messages.domain import compose
from services.notification.messages.publishing import tell
from services.notification.messages.sealing import Enclosed, seal
from services.notification.ports import NotificationWork

KIND = "one-time-code"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendCode:
    """Accounts' order; the same `message` twice is one mail."""

    message: UUID
    person: UUID
    channel: Channel
    address: str
    language: str
    code: str
    expires_at: datetime


def send_code(command: SendCode, *, uow: NotificationWork) -> list[Claim]:
    """Store it sealed and claim its mail; a code that has ended is not sent."""
    with uow:
        known = uow.messages.of_person(command.message, command.person) is not None
        if known or command.expires_at <= uow.now():
            uow.commit()
            return []
        message = compose(
            message_id=command.message,
            person=command.person,
            kind=KIND,
            values=seal(command.person, _enclosed(command), uow.vault),
            now=uow.now(),
            channels=((command.channel, uuid4()),),
            correlation_id=uow.correlation_id,
            useful_until=command.expires_at,
        )
        claimed = claim(message, message.deliveries[0], uow=uow)
        uow.messages.add(message)
        tell(message, uow)
        uow.commit()
    return [claimed]


def _enclosed(command: SendCode) -> Enclosed:
    values = {"code": command.code, "until": wire_time(command.expires_at)}
    return Enclosed(command.address, command.language, {**values})
