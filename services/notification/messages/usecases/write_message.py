"""Say something to a person: in the inbox at once, by mail as soon as the transaction stands."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from services.contracts.notification import Channel
from services.notification.delivery.claiming import claim
from services.notification.delivery.domain import Claim
from services.notification.messages.domain import About, Value, compose
from services.notification.messages.publishing import tell
from services.notification.ports import NotificationWork


def write_message(
    person: UUID,
    kind: str,
    values: Mapping[str, Value],
    *,
    about: About,
    unit: str,
    useful_until: datetime | None,
    uow: NotificationWork,
) -> Claim:
    """Store the message and claim its mail; part of a larger use case, which commits."""
    message = compose(
        message_id=uuid4(),
        person=person,
        kind=kind,
        values=values,
        now=uow.now(),
        channels=((Channel.IN_APP, uuid4()), (Channel.EMAIL, uuid4())),
        about=about,
        unit=unit,
        correlation_id=uow.correlation_id,
        useful_until=useful_until,
    )
    claimed = claim(message, message.deliveries[1], uow=uow)
    uow.messages.add(message)
    tell(message, uow)
    return claimed
