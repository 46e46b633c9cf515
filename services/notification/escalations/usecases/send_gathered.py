"""The pages gathered for one recipient go out in one mail that says how many cases wait."""

from collections.abc import Sequence

from services.contracts.notification import Channel
from services.notification.delivery.domain import Claim
from services.notification.delivery.usecases import mail_claim
from services.notification.messages.domain import DRILL, Delivery, Message, Reason
from services.notification.messages.publishing import tell
from services.notification.ports import NotificationWork


def send_gathered(recipient: str, *, uow: NotificationWork) -> list[Claim]:
    """Send one mail for all that still need an officer, and another for the drills among them."""
    with uow:
        uow.pagers.lock(recipient)
        waiting = uow.messages.waiting_pages(recipient)
        live = _still_needed(waiting, uow)
        claims = [_one_mail(pages, uow) for pages in _apart(live) if pages]
        if live:
            uow.pagers.mailed(recipient, uow.now())
        for message in waiting:
            uow.messages.save(message)
            tell(message, uow)
        uow.commit()
    return claims


def _still_needed(waiting: Sequence[Message], uow: NotificationWork) -> list[Message]:
    cases = {message.about.case for message in waiting if message.about.case}
    needed = uow.escalations.open_among(cases)
    for message in waiting:
        if message.about.case not in needed:
            message.failed(_mail(message), Reason.NOT_NEEDED, uow.now())
    return [message for message in waiting if message.about.case in needed]


def _apart(live: Sequence[Message]) -> tuple[list[Message], list[Message]]:
    """Real pages first, drills in a mail of their own: one mail has one wording."""
    real = [message for message in live if message.kind != DRILL]
    return real, [message for message in live if message.kind == DRILL]


def _one_mail(live: list[Message], uow: NotificationWork) -> Claim:
    lead, *carried = live
    for message in carried:
        _mail(message).carried_by = _mail(lead).id
    return mail_claim(live, _mail(lead), uow)


def _mail(message: Message) -> Delivery:
    return next(each for each in message.deliveries if each.channel is Channel.EMAIL)
