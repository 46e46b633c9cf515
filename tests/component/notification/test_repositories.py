"""The same expectations of the stores in memory and of those in PostgreSQL."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from services.contracts.notification import Channel
from services.notification.escalations.domain import Escalation, Rung
from services.notification.messages.domain import About, DeliveryState, Message, Reason, compose
from services.notification.reminders.domain import Appointment
from services.notification.tables import metadata
from services.notification.wiring import NotificationUnitOfWork
from tests.component.notification.conftest import Desk
from tests.unit.notification.fakes import NOON, FakeWork, a_card


@pytest.fixture(params=["fake", "real"])
def work(request, shared_desk: Desk):
    """Makes units of work on one store."""
    fake = FakeWork()
    make = shared_desk.runtime.unit_of_work
    return lambda: fake if request.param == "fake" else make(NotificationUnitOfWork)


def a_message(**fields) -> Message:
    good = {
        "message_id": uuid4(),
        "person": uuid4(),
        "kind": "offer-ready",
        "values": {"until": "2026-03-02T04:00:00Z"},
        "now": NOON,
        "channels": ((Channel.EMAIL, uuid4()), (Channel.IN_APP, uuid4())),
    }
    return compose(**{**good, **fields})


def keep(work, *messages):
    with work() as uow:
        for message in messages:
            message.events = []
            uow.messages.add(message)
        uow.commit()


def same(found: Message, expected: Message) -> bool:
    found.deliveries.sort(key=lambda each: each.id)
    expected.deliveries.sort(key=lambda each: each.id)
    return found == expected


def test_a_message_comes_back_as_it_was_kept(work):
    about = About(case=uuid4(), appointment=uuid4(), offer=uuid4())
    useful = NOON + timedelta(hours=1)
    message = a_message(about=about, useful_until=useful, unit="wh", correlation_id="loop")
    keep(work, message)

    with work() as uow:
        found = uow.messages.of_person(message.id, message.person)
        assert same(found, message)
        assert uow.messages.of_person(message.id, uuid4()) is None


def test_changes_are_kept(work):
    message = a_message()
    keep(work, message)
    mail = message.by(Channel.EMAIL)

    with work() as uow:
        (found,) = uow.messages.of_mail(mail.id)
        found.read(NOON)
        found.failed(found.delivery(mail.id), Reason.NO_ADDRESS, NOON)
        uow.messages.save(found)
        uow.commit()

    with work() as uow:
        (found,) = uow.messages.of_mail(mail.id)
        assert (found.read_at, found.by(Channel.EMAIL).reason) == (NOON, Reason.NO_ADDRESS)
        assert found.by(Channel.IN_APP).state is DeliveryState.DELIVERED
        assert uow.messages.attempt_of(mail.id) is None


def test_a_mail_leads_those_it_speaks_for(work):
    person = uuid4()
    lead, *carried = (a_message(person=person, urgent=True) for _ in range(4))
    for each in carried:
        each.by(Channel.EMAIL).carried_by = lead.by(Channel.EMAIL).id
    keep(work, *carried, lead)

    with work() as uow:
        found = uow.messages.of_mail(lead.by(Channel.EMAIL).id)

    assert found[0].id == lead.id
    assert {each.id for each in found[1:]} == {each.id for each in carried}


def test_waiting_pages_are_those_nobody_has_claimed(work):
    officer = uuid4()
    mail = lambda: ((Channel.EMAIL, uuid4()),)
    waiting = a_message(person=officer, urgent=True, channels=mail())
    claimed = a_message(person=officer, urgent=True, channels=mail())
    claimed.deliveries[0].attempts = 1
    ordinary = a_message(person=officer, channels=mail())
    fallback = a_message(person=None, fallback=7, urgent=True, channels=mail())
    keep(work, waiting, claimed, ordinary, fallback)

    with work() as uow:
        mine = uow.messages.waiting_pages(str(officer))
        citys = uow.messages.waiting_pages("fallback/7")

    assert [each.id for each in mine] == [waiting.id]
    assert [each.id for each in citys] == [fallback.id]


def test_unread_messages_end_at_a_moment(work):
    person = uuid4()
    early = a_message(person=person)
    late = a_message(person=person, now=NOON + timedelta(hours=1))
    keep(work, early, late)

    with work() as uow:
        assert [each.id for each in uow.messages.unread(person, NOON)] == [early.id]
        assert len(uow.messages.unread(person, late.created_at)) == 2


def test_pages_of_a_case_are_one_officers(work):
    case, officer = uuid4(), uuid4()
    mine = a_message(person=officer, about=About(case=case))
    keep(work, mine, a_message(about=About(case=case)), a_message(person=officer))

    with work() as uow:
        assert [each.id for each in uow.messages.pages_of_case(case, officer)] == [mine.id]


def test_old_messages_are_forgotten(work):
    old = a_message(now=NOON - timedelta(days=4000))
    keep(work, old)

    with work() as uow:
        assert uow.messages.delete_older(NOON - timedelta(days=3999)) >= 1
        assert uow.messages.of_person(old.id, old.person) is None


def test_an_escalation_comes_back_as_it_was_saved(work):
    rungs = [Rung(uuid4(), 1, NOON, NOON), Rung(None, 0, NOON + timedelta(minutes=15))]
    escalation = Escalation(
        id=uuid4(),
        case=uuid4(),
        sequence=3,
        rungs=rungs,
        drill=True,
        unit="wh",
        correlation_id="loop",
        started_at=NOON,
    )
    with work() as uow:
        assert uow.escalations.of_case(escalation.case) is None
        uow.escalations.save(escalation)
        uow.commit()

    with work() as uow:
        assert uow.escalations.of_case(escalation.case) == escalation
        assert uow.escalations.open_among({escalation.case, uuid4()}) == {escalation.case}
        escalation.stop(closed=True)
        uow.escalations.save(escalation)
        uow.commit()
    with work() as uow:
        assert uow.escalations.open_among({escalation.case}) == frozenset()
        assert uow.escalations.open_among(set()) == frozenset()


def test_a_pager_remembers_its_last_mail(work):
    recipient = str(uuid4())
    with work() as uow:
        assert uow.pagers.lock(recipient) is None
        uow.pagers.mailed(recipient, NOON)
        uow.pagers.mailed(recipient, NOON + timedelta(seconds=1))
        uow.commit()

    with work() as uow:
        assert uow.pagers.lock(recipient) == NOON + timedelta(seconds=1)


def test_an_appointment_comes_back_as_it_was_saved(work):
    appointment = Appointment(
        id=uuid4(), person=uuid4(), starts_at=NOON, sequence=1, active=True, unit="wh"
    )
    with work() as uow:
        assert uow.appointments.get(appointment.id) is None
        uow.appointments.save(appointment)
        appointment.active = False
        uow.appointments.save(appointment)
        uow.commit()

    with work() as uow:
        assert uow.appointments.get(appointment.id) == appointment


def test_cards_come_back_and_the_staff_list_says_who_is_staff(work):
    officer = a_card(uuid4(), "o@b.cn", staff=True)
    person = a_card(uuid4(), "p@b.cn", language="en")
    with work() as uow:
        uow.contacts.replace_staff([officer], NOON)
        uow.contacts.save(person)
        uow.contacts.save(a_card(officer.person, "new@b.cn"))
        uow.commit()

    with work() as uow:
        assert uow.contacts.get(person.person) == person
        kept = uow.contacts.get(officer.person)
        assert (kept.staff, kept.addresses) == (True, {Channel.EMAIL: "new@b.cn"})
        uow.contacts.mark_stale(person.person)
        assert uow.contacts.get(person.person).stale
        uow.contacts.replace_staff([], NOON + timedelta(seconds=1))
        assert not uow.contacts.get(officer.person).staff
        assert uow.contacts.forget_people_before(NOON + timedelta(seconds=1)) >= 2
        assert uow.contacts.get(UUID(int=0)) is None


def test_the_migrations_make_the_tables_of_the_code(shared_desk: Desk):
    engine = create_engine(shared_desk.runtime.database.engine.url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [
            each for each in compare_metadata(context, metadata) if "alembic" not in str(each)
        ]
    engine.dispose()
    assert differences == []
