"""The person has seen a message of the inbox, or all of them."""

from datetime import datetime
from uuid import UUID

from services.chassis.errors import NotFound
from services.notification.messages.domain import Message
from services.notification.messages.publishing import tell
from services.notification.ports import NotificationWork


class NoSuchMessage(NotFound):
    """There is no such message in this person's inbox."""

    code = "no-such-message"


def read_message(message_id: UUID, person: UUID, *, uow: NotificationWork) -> None:
    """Mark one as read; a second time changes nothing."""
    with uow:
        message = uow.messages.of_person(message_id, person)
        if message is None:
            raise NoSuchMessage
        _read(message, uow)
        uow.commit()


def read_all(person: UUID, until: datetime, *, uow: NotificationWork) -> int:
    """Mark all up to a moment (the newest the person has on the screen) as read; how many."""
    with uow:
        unread = uow.messages.unread(person, until)
        for message in unread:
            _read(message, uow)
        uow.commit()
    return len(unread)


def _read(message: Message, uow: NotificationWork) -> None:
    message.read(uow.now())
    uow.messages.save(message)
    tell(message, uow)
