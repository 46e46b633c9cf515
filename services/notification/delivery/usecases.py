"""What happens to a delivery after its message is stored: settled, tried again, or given up."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from services.notification.delivery.claiming import TIMER, arm, claim, disarm, timer_key
from services.notification.delivery.domain import (
    Accepted,
    Claim,
    Outcome,
    Postponed,
    Refused,
    policy_of,
)
from services.notification.messages.domain import Delivery, Message, Reason
from services.notification.messages.publishing import tell
from services.notification.ports import NotificationWork

Mail = Sequence[Message]
# Neither means that this officer is harder to reach than the next.
NOBODYS_FAULT = frozenset({Reason.NOT_NEEDED, Reason.NO_CHANNEL})


def settle(done: Claim, outcome: Outcome, *, uow: NotificationWork) -> None:
    """Record what came of an attempt. Acceptance counts even when a later attempt was claimed
    meanwhile, which is thereby called off; anything else is then the later one's to say.
    """
    with uow:
        # Before the message: the timer's own worker locks them in this order too.
        uow.timers.cancel(TIMER, timer_key(done.delivery, done.attempt))
        mail = uow.messages.of_mail(done.delivery)
        delivery = mail[0].delivery(done.delivery) if mail else None
        if delivery is not None and _counts(done, delivery, outcome):
            if delivery.attempts != done.attempt:
                disarm(delivery, uow)
            _record(mail, delivery, outcome, uow)
            _keep(mail, uow)
        uow.commit()


def try_again(delivery_id: UUID, attempt: int, *, uow: NotificationWork) -> list[Claim]:
    """An attempt's timer went off: it was lost or postponed, so take the next one, if any helps."""
    claims: list[Claim] = []
    with uow:
        mail = uow.messages.of_mail(delivery_id)
        delivery = mail[0].delivery(delivery_id) if mail else None
        if delivery is not None and delivery.open and delivery.attempts == attempt:
            claims += _next_attempt(mail, delivery, uow)
            _keep(mail, uow)
        uow.commit()
    return claims


def is_mine(asked: Claim, *, uow: NotificationWork) -> bool:
    """Whether the claim still holds: it was committed, and no later attempt has taken over."""
    with uow:
        return uow.messages.attempt_of(asked.delivery) == asked.attempt


def mail_claim(mail: Mail, delivery: Delivery, uow: NotificationWork) -> Claim:
    """Claim the mail of a page and of those it speaks for: it says how many cases wait."""
    cases = {message.about.case for message in mail}
    values = {"count": len(cases)} if mail[0].urgent else None
    return claim(mail[0], delivery, uow=uow, values=values)


def _holds(asked: Claim, delivery: Delivery) -> bool:
    return delivery.open and delivery.attempts == asked.attempt


def _counts(done: Claim, delivery: Delivery, outcome: Outcome) -> bool:
    return delivery.open and (isinstance(outcome, Accepted) or _holds(done, delivery))


def _record(mail: Mail, delivery: Delivery, outcome: Outcome, uow: NotificationWork) -> None:
    match outcome:
        case Accepted():
            for message, each in _parts(mail, delivery):
                message.sent(each, uow.now())
        case Refused(reason):
            _give_up(mail, delivery, reason, uow)
        case Postponed(reason):
            _postpone(mail, delivery, reason, uow)


def _postpone(mail: Mail, delivery: Delivery, reason: Reason, uow: NotificationWork) -> None:
    wait = policy_of(mail[0]).wait_after(delivery.attempts)
    if wait is None:
        _give_up(mail, delivery, reason, uow)
        return
    for _, each in _parts(mail, delivery):
        each.reason = reason
    arm(delivery, uow.now() + wait, uow)


def _next_attempt(mail: Mail, delivery: Delivery, uow: NotificationWork) -> Iterator[Claim]:
    if reason := _needless(mail, uow):
        _give_up(mail, delivery, reason, uow)
    elif policy_of(mail[0]).wait_after(delivery.attempts) is None:
        _give_up(mail, delivery, delivery.reason or Reason.TIMEOUT, uow)
    else:
        yield mail_claim(mail, delivery, uow)


def _needless(mail: Mail, uow: NotificationWork) -> Reason | None:
    if mail[0].useless(uow.now()):
        return Reason.TOO_LATE
    cases = {message.about.case for message in mail if message.about.case is not None}
    if mail[0].urgent and cases and not uow.escalations.open_among(cases):
        return Reason.NOT_NEEDED
    return None


def _give_up(mail: Mail, delivery: Delivery, reason: Reason, uow: NotificationWork) -> None:
    for message, each in _parts(mail, delivery):
        message.failed(each, reason, uow.now())
        if message.urgent and message.about.case and reason not in NOBODYS_FAULT:
            payload = {
                "case": str(message.about.case),
                "officer": str(message.person) if message.person else None,
            }
            # A transaction of its own: an escalation is never locked after a message.
            uow.timers.set("unreachable", str(message.id), uow.now(), payload)


def _parts(mail: Mail, delivery: Delivery) -> Iterator[tuple[Message, Delivery]]:
    yield mail[0], delivery
    for message in mail[1:]:
        carried = message.by(delivery.channel)
        if carried is not None and carried.open:
            yield message, carried


def _keep(mail: Mail, uow: NotificationWork) -> None:
    for message in mail:
        uow.messages.save(message)
        tell(message, uow)
