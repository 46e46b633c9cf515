"""Tell a person that something is offered, or that it is not any more."""

from datetime import datetime
from uuid import UUID

from services.contracts.envelope import wire_time
from services.notification.delivery.domain import Claim
from services.notification.messages.domain import About
from services.notification.messages.usecases.write_message import write_message
from services.notification.ports import NotificationWork


def offer_made(
    offer: UUID, person: UUID, expires_at: datetime, *, unit: str, uow: NotificationWork
) -> list[Claim]:
    """Nothing is said of an offer that has already ended."""
    with uow:
        if expires_at <= uow.now():
            uow.commit()
            return []
        claimed = write_message(
            person,
            "offer-ready",
            {"until": wire_time(expires_at)},
            about=About(offer=offer),
            unit=unit,
            useful_until=expires_at,
            uow=uow,
        )
        uow.commit()
    return [claimed]


def offer_expired(offer: UUID, person: UUID, *, unit: str, uow: NotificationWork) -> list[Claim]:
    """The person can still book on their own, and is told so."""
    with uow:
        claimed = write_message(
            person,
            "offer-expired",
            {},
            about=About(offer=offer),
            unit=unit,
            useful_until=None,
            uow=uow,
        )
        uow.commit()
    return [claimed]
