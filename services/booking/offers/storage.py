"""Offers in the database."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from services.booking.offers.domain import Offer, OfferState
from services.booking.tables import metadata
from services.chassis.statements import change, fetch, insertion, postpone
from services.chassis.tables import moment

offers = Table(
    "offers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", Uuid, nullable=False),
    Column("unit", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("urgency", SmallInteger, nullable=False),
    Column("policy", Text, nullable=False),
    Column("correlation_id", Text, nullable=False),
    moment("made_at"),
    moment("expires_at"),
    Column("state", Text, nullable=False),
    Column("slot", ForeignKey("slots.id")),
    Column("appointment", Uuid),
    moment("closed_at", nullable=True),
    CheckConstraint("state IN ('open', 'accepted', 'declined', 'expired')", name="state"),
    Index("uq_offers_open_person", "person", unique=True, postgresql_where=text("state = 'open'")),
    Index("ix_offers_person", "person", "made_at", "id"),
)

offer_responses = Table(
    "offer_responses",
    metadata,
    Column("response", Uuid, primary_key=True),
    Column("offer", ForeignKey("offers.id"), nullable=False, index=True),
    Column("level", SmallInteger, nullable=False),
)


_LOCK = "SELECT * FROM offers WHERE id = %(id)s FOR NO KEY UPDATE"
_ADD, _SAVE, _NOTE = insertion(offers), change(offers), insertion(offer_responses)
_LOCK_OPEN = "SELECT * FROM offers WHERE person = %(person)s AND state = 'open' FOR NO KEY UPDATE"


class OfferRepository:
    """Offers, rows to domain and back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, offer: UUID) -> Offer | None:
        return _offer(fetch(self._connection, _LOCK, {"id": offer}))

    def lock_open_of(self, person: UUID) -> Offer | None:
        return _offer(fetch(self._connection, _LOCK_OPEN, {"person": person}))

    def add(self, offer: Offer) -> None:
        postpone(self._connection, _ADD, vars(offer))

    def save(self, offer: Offer) -> None:
        postpone(self._connection, _SAVE, vars(offer))

    def note_response(self, offer: Offer, response: UUID, level: int) -> None:
        noted = {"response": response, "offer": offer.id, "level": level}
        postpone(self._connection, _NOTE, noted)


def _offer(rows: Sequence[Any]) -> Offer | None:
    if not rows:
        return None
    fields = rows[0]._asdict()
    return Offer(**{**fields, "state": OfferState(fields["state"])})
