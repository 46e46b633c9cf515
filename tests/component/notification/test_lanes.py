"""What happens to mails when processes end, servers are slow, and much is to be sent."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import eventlet

from services.notification.delivery.domain import Accepted, Postponed
from services.notification.delivery.usecases import settle, try_again
from services.notification.escalations.ports import PagingPolicy
from services.notification.escalations.usecases.start_escalation import (
    StartEscalation,
    start_escalation,
)
from services.notification.messages.domain import Reason
from services.notification.messages.usecases.tell_of_offer import offer_made
from tests.component.notification.conftest import Desk, ToyAccounts, address_of
from tests.component.notification.test_messages import an_offer, channel
from tests.component.notification.test_paging import a_case, officers
from tests.support.apps import eventually
from tests.support.smtp import Rule


def soon():
    return datetime.now(UTC) + timedelta(hours=72)


def email(desk, person):
    (row,) = desk.rows(
        "SELECT deliveries.* FROM deliveries JOIN messages ON messages.id = message"
        " WHERE person = :person AND channel = 'email'",
        person=person,
    )
    return row


def test_a_process_that_dies_after_its_commit_loses_no_mail(desk: Desk):
    worker = desk.somebody()

    # Committed, and never handed to a lane.
    (claim,) = offer_made(uuid4(), worker.person, soon(), unit="", uow=desk.work())
    assert desk.mailbox.mails(address_of(worker)) == []
    desk.set_timer_of(claim)

    (mail,) = desk.mails(worker)
    assert mail.message_id == f"<{claim.message}@huixin.example>"
    eventually(lambda: email(desk, worker.person).state == "sent")
    assert email(desk, worker.person).attempts == 2


def test_a_process_that_dies_after_its_commit_loses_no_page(desk: Desk):
    (officer,) = officers(desk, 1)
    opened = a_case(officer)
    command = StartEscalation(case=opened.case, sequence=1, chain=(), fallback=True)

    (claim,) = start_escalation(command, policy=PagingPolicy(), uow=desk.work())
    before = len(desk.mailbox.mails("fallback"))
    desk.set_timer_of(claim)

    eventually(lambda: len(desk.mailbox.mails("fallback")) == before + 1)
    desk.change("UPDATE escalations SET state = 'closed' WHERE case_id = :c", c=opened.case)


def test_acceptance_that_is_recorded_late_calls_the_next_attempt_off(desk: Desk):
    worker = desk.somebody()
    (first,) = offer_made(uuid4(), worker.person, soon(), unit="", uow=desk.work())
    (second,) = try_again(first.delivery, first.attempt, uow=desk.work())

    settle(first, Accepted(), uow=desk.work())
    settle(second, Postponed(Reason.TIMEOUT), uow=desk.work())

    assert email(desk, worker.person).state == "sent"
    assert not desk.attempts_waiting(str(first.message))


def test_an_attempt_is_taken_once_however_many_ask_for_it(desk: Desk):
    worker = desk.somebody()
    (claim,) = offer_made(uuid4(), worker.person, soon(), unit="", uow=desk.work())

    pool = eventlet.GreenPool()
    asked = pool.imap(lambda _: try_again(claim.delivery, claim.attempt, uow=desk.work()), range(8))

    assert sum(len(claims) for claims in asked) == 1


def test_a_page_never_waits_behind_ordinary_mail(desk: Desk):
    (officer,) = officers(desk, 1)
    workers = [desk.somebody() for _ in range(8)]
    for worker in workers:
        ToyAccounts.addresses[worker.person] = f"slow-{worker.person}@people.example"
    desk.mailbox.rule(Rule.SLOW, only="slow-")
    for worker in workers:
        desk.happens(an_offer(worker.person))

    desk.happens(a_case(officer))

    assert len(desk.mails(officer, within=2)) == 1
    assert channel(desk.inbox(workers[0])[0], "email")["state"] == "queued"
    desk.mailbox.rule(Rule.ACCEPT)
    for worker in workers:
        eventually(lambda worker=worker: email(desk, worker.person).state == "sent")


def test_two_hundred_offers_are_mailed_once_each(desk: Desk):
    workers = [desk.somebody() for _ in range(200)]
    before = desk.mailbox.count()

    pool = eventlet.GreenPool(20)
    for worker in workers:
        pool.spawn_n(desk.happens, an_offer(worker.person))
    pool.waitall()

    eventually(lambda: desk.mailbox.count() >= before + 200, within=40)
    addresses = {address_of(worker) for worker in workers}
    mine = [mail for mail in desk.mailbox.mails() if mail.message["To"] in addresses]
    assert len({mail.message_id for mail in mine}) == len(mine) == 200
