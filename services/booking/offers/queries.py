"""Reading offers, past the domain."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, and_, select, tuple_

from services.booking.availability.slot_storage import slots
from services.booking.offers.domain import OfferNotFound, OfferState
from services.booking.offers.storage import offers
from services.chassis.paging import decode_cursor, page

SHOWN = ("id", "state", "reason", "urgency", "made_at", "expires_at")
HELD = ("id", "starts_at", "ends_at", "site", "counsellor", "modes")


def list_offers(
    connection: Connection, person: UUID, query: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """A page of the person's offers, newest first."""
    found = _offers().where(offers.c.person == person)
    if query["state"]:
        found = found.where(offers.c.state == query["state"].value)
    if query["state"] is OfferState.OPEN:
        found = found.where(offers.c.expires_at > now)
    if (before := decode_cursor(query["cursor"], (datetime, UUID))) is not None:
        found = found.where(tuple_(offers.c.made_at, offers.c.id) < tuple_(*before))
    found = found.order_by(offers.c.made_at.desc(), offers.c.id.desc()).limit(query["limit"] + 1)
    rows = connection.execute(found).mappings().all()
    items = [_shown(row, now) for row in rows]
    return page(rows, query["limit"], lambda row: (row["made_at"], row["id"]), items)


def one_offer(connection: Connection, person: UUID, offer: UUID, now: datetime) -> dict[str, Any]:
    """One of the person's own offers; raises OfferNotFound."""
    found = _offers().where(offers.c.id == offer, offers.c.person == person)
    row = connection.execute(found).mappings().first()
    if row is None:
        raise OfferNotFound
    return _shown(row, now)


def _offers() -> Select[Any]:
    held = and_(slots.c.id == offers.c.slot, slots.c.held_by == offers.c.id)
    labelled = (slots.c[name].label(f"held_{name}") for name in HELD)
    return select(offers, *labelled).outerjoin(slots, held)


def _shown(row: Mapping[Any, Any], now: datetime) -> dict[str, Any]:
    document = {name: row[name] for name in SHOWN}
    if row["state"] == OfferState.OPEN and row["expires_at"] <= now:
        # Its clock rings within the second.
        document["state"] = OfferState.EXPIRED
        return document
    if row["held_id"] is not None:
        document["slot"] = row["held_id"]
        held = {name: row[f"held_{name}"] for name in HELD}
        document["held"] = {**held, "mode": row["held_modes"][0]}
    if row["appointment"] is not None:
        document["appointment"] = row["appointment"]
    return document
