"""Tell the city's fallback contacts that nobody is rostered for some hours."""

from datetime import datetime
from uuid import uuid4

from services.contracts.envelope import wire_time
from services.contracts.notification import Channel
from services.notification.delivery.claiming import claim
from services.notification.delivery.domain import Claim
from services.notification.messages.domain import compose
from services.notification.messages.publishing import tell
from services.notification.ports import NotificationWork


def roster_gap_found(
    starts_at: datetime, ends_at: datetime, *, fallbacks: int, unit: str, uow: NotificationWork
) -> list[Claim]:
    """One mail to each contact; not of hours already over."""
    claims = []
    with uow:
        contacts = range(fallbacks if ends_at > uow.now() else 0)
        for number in contacts:
            message = compose(
                message_id=uuid4(),
                person=None,
                fallback=number,
                kind="roster-gap",
                values={"since": wire_time(starts_at), "until": wire_time(ends_at)},
                now=uow.now(),
                channels=((Channel.EMAIL, uuid4()),),
                unit=unit,
                correlation_id=uow.correlation_id,
                useful_until=ends_at,
            )
            claims.append(claim(message, message.deliveries[0], uow=uow))
            uow.messages.add(message)
            tell(message, uow)
        uow.commit()
    return claims
