"""The inbox: rows to documents, in the reader's language."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, exists, func, select, tuple_

from services.chassis.paging import decode_cursor, page
from services.contracts.notification import Channel
from services.notification.messages.usecases.read_messages import NoSuchMessage
from services.notification.tables import deliveries, messages
from services.notification.wording.catalogue import Catalogue
from services.notification.wording.rendering import render

Document = dict[str, Any]


def inbox(
    connection: Connection,
    person: UUID,
    *,
    unread: bool,
    limit: int,
    cursor: str | None,
    language: str,
    catalogue: Catalogue,
) -> Document:
    """One page of a person's own messages, newest first."""
    key = (messages.c.created_at, messages.c.id)
    wanted = _own(person).order_by(*(column.desc() for column in key)).limit(limit + 1)
    if unread:
        wanted = wanted.where(messages.c.read_at.is_(None))
    if after := decode_cursor(cursor, (datetime, UUID)):
        wanted = wanted.where(tuple_(*key) < tuple_(*after))
    rows = connection.execute(wanted).all()
    items = [_document(row, language, catalogue) for row in rows]
    return page(rows, limit, lambda row: (row.created_at.astimezone(UTC), row.id), items)


def one_message(
    connection: Connection, person: UUID, message: UUID, language: str, catalogue: Catalogue
) -> Document:
    """One of the person's own messages; raises NoSuchMessage."""
    row = connection.execute(_own(person).where(messages.c.id == message)).first()
    if row is None:
        raise NoSuchMessage
    return _document(row, language, catalogue)


def unread_count(connection: Connection, person: UUID) -> Document:
    """How many messages the person has not read, and how many of them are pages."""
    mine = select(func.count(), func.count().filter(messages.c.urgent)).where(
        messages.c.person == person, messages.c.read_at.is_(None), _in_inbox()
    )
    count, urgent = connection.execute(mine).one()
    return {"count": count, "urgent": urgent}


def _own(person: UUID) -> Select[Any]:
    return select(messages, _channels()).where(messages.c.person == person, _in_inbox())


def _in_inbox() -> ColumnElement[bool]:
    """A one-time code goes by mail alone: who has no password yet has no inbox."""
    return exists().where(
        deliveries.c.message == messages.c.id, deliveries.c.channel == Channel.IN_APP.value
    )


def _channels() -> Any:
    """A message's deliveries as one JSON array, so that a page is one statement."""
    one = func.json_build_object(
        "channel",
        deliveries.c.channel,
        "state",
        deliveries.c.state,
        "reason",
        deliveries.c.reason,
        "at",
        deliveries.c.changed_at,
    )
    whole = select(func.json_agg(one)).where(deliveries.c.message == messages.c.id)
    return whole.scalar_subquery().label("channels")


def _document(row: Row[Any], language: str, catalogue: Catalogue) -> Document:
    words = render(row.kind, row.params, language, catalogue=catalogue)
    return {
        "id": row.id,
        "kind": row.kind,
        "title": words.title,
        "body": words.text,
        "link": catalogue.templates[row.kind].link,
        "urgent": row.urgent,
        "created_at": row.created_at,
        "read_at": row.read_at,
        "about": {
            "case": row.about_case,
            "appointment": row.about_appointment,
            "offer": row.about_offer,
        },
        "channels": sorted(map(_channel, row.channels or ()), key=lambda each: each["channel"]),
    }


def _channel(delivery: Document) -> Document:
    return {**delivery, "at": datetime.fromisoformat(delivery["at"])}
