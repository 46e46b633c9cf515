"""Paging: a message in the officer's inbox at once, and a mail that may speak for several cases."""

from collections.abc import Iterable
from uuid import uuid4

from services.contracts.notification import Channel
from services.notification.delivery.domain import Claim
from services.notification.delivery.usecases import mail_claim
from services.notification.escalations.domain import Escalation, Rung
from services.notification.escalations.ports import PagingPolicy
from services.notification.messages.domain import DRILL, About, Message, compose
from services.notification.messages.publishing import tell as tell_of_message
from services.notification.ports import NotificationWork

GATHER_TIMER = "page-mail"


def page_rungs(
    escalation: Escalation, rungs: Iterable[Rung], policy: PagingPolicy, uow: NotificationWork
) -> list[Claim]:
    """Page these rungs; returns the mails to send at once."""
    claims: list[Claim] = []
    for rung in rungs:
        for page in _pages(escalation, rung, policy, uow):
            claims += _mail_or_gather(page, policy, uow)
            uow.messages.add(page)
            tell_of_message(page, uow)
    return claims


def recipient_of(message: Message) -> str:
    """Whose pager a page belongs to: an officer's, or a fallback contact's."""
    return str(message.person) if message.person else f"fallback/{message.fallback}"


def _pages(
    escalation: Escalation, rung: Rung, policy: PagingPolicy, uow: NotificationWork
) -> Iterable[Message]:
    if rung.officer is not None:
        kind = DRILL if escalation.drill else "duty-page"
        yield _page(escalation, rung, kind, None, uow)
        return
    kind = DRILL if escalation.drill else "duty-page-nobody"
    # With no contact named there is still one page, so that its failure is told to booking.
    for number in range(max(1, policy.fallbacks)):
        yield _page(escalation, rung, kind, number, uow)


def _page(
    escalation: Escalation, rung: Rung, kind: str, fallback: int | None, uow: NotificationWork
) -> Message:
    channels = [(Channel.EMAIL, uuid4())]
    if rung.officer is not None:
        channels.append((Channel.IN_APP, uuid4()))
    return compose(
        message_id=uuid4(),
        person=rung.officer,
        fallback=fallback,
        kind=kind,
        values={"count": 1},
        now=uow.now(),
        channels=channels,
        about=About(case=escalation.case),
        urgent=True,
        unit=escalation.unit,
        correlation_id=escalation.correlation_id,
    )


def _mail_or_gather(page: Message, policy: PagingPolicy, uow: NotificationWork) -> Iterable[Claim]:
    recipient, now = recipient_of(page), uow.now()
    last = uow.pagers.lock(recipient)
    if last is not None and now < last + policy.window:
        payload = {"recipient": recipient}
        # A row of its own: moving one that is due would wait for its worker, which waits for us.
        uow.timers.set(GATHER_TIMER, f"{recipient}/{page.id}", last + policy.window, payload)
        return
    uow.pagers.mailed(recipient, now)
    mail = page.by(Channel.EMAIL)
    assert mail is not None  # noqa: S101  # _page put it there
    yield mail_claim([page], mail, uow)
