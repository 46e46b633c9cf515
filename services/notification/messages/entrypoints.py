"""The inbox's routes, and the events that messages are written for."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.chassis.database import Database, DatabaseProvider
from services.chassis.http import INTERNAL, Request, http
from services.chassis.paging import BadCursor
from services.chassis.subscribe import subscribe
from services.contracts.booking import OfferExpiredV1, OfferMadeV1
from services.contracts.envelope import Envelope
from services.notification.delivery.tray import Tray
from services.notification.messages import queries, schemas
from services.notification.messages.usecases.read_messages import (
    NoSuchMessage,
    read_all,
    read_message,
)
from services.notification.messages.usecases.send_code import SendCode, send_code
from services.notification.messages.usecases.tell_of_offer import offer_expired, offer_made
from services.notification.wiring import (
    CatalogueProvider,
    NotificationUnitOfWork,
    NotificationUnitOfWorkProvider,
    TrayProvider,
)
from services.notification.wording.catalogue import Catalogue


class MessageEntrypoints:
    """Reading the inbox, and writing to it."""

    uow: NotificationUnitOfWork = NotificationUnitOfWorkProvider()
    database: Database = DatabaseProvider()
    catalogue: Catalogue = CatalogueProvider()
    tray: Tray = TrayProvider()

    @http(
        "GET",
        "/api/notification/v1/messages",
        action="message.list",
        query=schemas.InboxQuery,
        answer=schemas.InboxSchema,
        errors=(BadCursor,),
        summary="My messages, newest first, with what became of them on each channel",
    )
    def list_messages(self, request: Request) -> dict[str, Any]:
        """One page of the inbox."""
        with self.database.reading() as connection:
            return queries.inbox(
                connection,
                request.principal.person,
                **request.query,
                language=request.language,
                catalogue=self.catalogue,
            )

    @http(
        "GET",
        "/api/notification/v1/messages/unread",
        action="message.list",
        answer=schemas.UnreadSchema,
        summary="How many messages I have not read",
    )
    def count_unread(self, request: Request) -> dict[str, Any]:
        """Cheap enough to be asked every few seconds."""
        with self.database.reading() as connection:
            return queries.unread_count(connection, request.principal.person)

    @http(
        "GET",
        "/api/notification/v1/messages/<uuid:message_id>",
        action="message.list",
        answer=schemas.MessageSchema,
        errors=(NoSuchMessage,),
        summary="One of my messages",
    )
    def get_message(self, request: Request, message_id: UUID) -> dict[str, Any]:
        """One message; reading it here does not mark it."""
        with self.database.reading() as connection:
            return queries.one_message(
                connection,
                request.principal.person,
                message_id,
                request.language,
                self.catalogue,
            )

    @http(
        "POST",
        "/api/notification/v1/messages/<uuid:message_id>/read",
        action="message.read",
        status=204,
        errors=(NoSuchMessage,),
        summary="I have read this message",
    )
    def mark_read(self, request: Request, message_id: UUID) -> None:
        """What the inbox holds has thereby been delivered."""
        read_message(message_id, request.principal.person, uow=self.uow)

    @http(
        "POST",
        "/api/notification/v1/messages/read",
        action="message.read",
        body=schemas.ReadAllSchema,
        answer=schemas.ReadSchema,
        summary="I have read everything up to a moment",
    )
    def mark_all_read(self, request: Request) -> dict[str, int]:
        """The moment keeps what arrives meanwhile unread."""
        until = request.data["until"] or datetime.now(UTC)
        return {"read": read_all(request.principal.person, until, uow=self.uow)}

    @http(
        "POST",
        "/internal/v1/one-time-messages",
        action=INTERNAL,
        callers=("accounts",),
        body=schemas.OneTimeCodeSchema,
        status=202,
        summary="For accounts: mail a one-time code",
    )
    def order_code(self, request: Request) -> dict[str, Any]:
        """Sent at once; the same order twice is one mail."""
        order = dict(request.data)
        order.pop("kind")
        command = SendCode(message=order.pop("id"), **order)
        self.tray.put(send_code(command, uow=self.uow))
        return {}

    @subscribe("notification.offer-changes")
    def on_offer_change(self, event: Envelope) -> None:
        """An offer was made, or ended."""
        match event.data:
            case OfferMadeV1() as made:
                claims = offer_made(
                    made.offer, made.person, made.expires_at, unit=event.unit, uow=self.uow
                )
            case OfferExpiredV1() as ended:
                claims = offer_expired(ended.offer, ended.person, unit=event.unit, uow=self.uow)
            case _:
                return
        self.tray.put(claims)
