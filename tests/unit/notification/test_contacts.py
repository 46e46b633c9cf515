"""Addresses: cached, refreshed, and found when accounts is away."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.chassis.peers import PeerUnavailable
from services.contracts.notification import Channel
from services.notification.contacts.directory import AccountsDirectory
from services.notification.contacts.ports import BookClosed
from services.notification.contacts.usecases import (
    Found,
    NoAddress,
    Unknown,
    contact_changed,
    find_address,
    forget_people,
    refresh_staff,
    role_changed,
)
from tests.unit.notification.fakes import INSTANT, NOON, FakeBook, FakeWork, a_card


def find(person, book, uow):
    return find_address(person, Channel.EMAIL, book=book, uow=uow)


def test_an_address_is_asked_for_once_a_day():
    person, uow = uuid4(), FakeWork()
    book = FakeBook(a_card(person, "a@b.cn"))

    assert [find(person, book, uow) for _ in range(3)] == [Found("a@b.cn", "zh")] * 3
    assert book.asked == 1
    uow.pass_time(hours=25)
    find(person, book, uow)
    assert book.asked == 2


def test_a_page_never_asks_accounts():
    person, uow, book = uuid4(), FakeWork(), FakeBook()
    uow.contacts.save(a_card(person, "o@b.cn", staff=True, refreshed_at=NOON - timedelta(days=9)))
    book.closed = True

    assert find(person, book, uow) == Found("o@b.cn", "zh")
    assert book.asked == 0


def test_while_accounts_is_away_an_old_address_is_better_than_none():
    person, uow, book = uuid4(), FakeWork(), FakeBook()
    book.closed = True
    assert isinstance(find(person, book, uow), Unknown)

    uow.contacts.save(a_card(person, "old@b.cn", stale=True))

    assert find(person, book, uow) == Found("old@b.cn", "zh")


def test_a_person_may_have_none():
    assert isinstance(find(uuid4(), FakeBook(), FakeWork()), NoAddress)


def test_a_changed_contact_is_asked_for_again():
    person, uow = uuid4(), FakeWork()
    book = FakeBook(a_card(person, "old@b.cn"))
    find(person, book, uow)
    book.cards[person] = a_card(person, "new@b.cn")

    contact_changed(person, uow=uow)

    assert find(person, book, uow) == Found("new@b.cn", "zh")


def test_changes_of_staff_refresh_the_staff_and_of_others_do_not():
    officer, uow = uuid4(), FakeWork()
    uow.contacts.save(a_card(officer, "o@b.cn", staff=True))

    contact_changed(uuid4(), uow=uow)
    role_changed(uuid4(), staff=False, uow=uow)
    assert not uow.timers.of("staff-refresh")
    contact_changed(officer, uow=uow)

    assert uow.timers.of("staff-refresh")


def test_who_left_the_staff_is_an_ordinary_person():
    left, stays, uow = uuid4(), uuid4(), FakeWork()
    uow.contacts.save(a_card(left, "l@b.cn", staff=True, refreshed_at=NOON - timedelta(hours=1)))

    assert refresh_staff(book=FakeBook(a_card(stays, "s@b.cn", staff=True)), uow=uow) == 1

    assert not uow.contacts.stored[left].staff and uow.contacts.stored[stays].staff
    uow.pass_time(days=8)
    assert forget_people(uow=uow) == 1


class Peers:
    def __init__(self, answer):
        self.answer = answer

    def get_json(self, _peer, _path, **_query):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_accounts_answers_become_cards():
    person = uuid4()
    items = [
        {"person": str(person), "channel": "email", "address": "a@b.cn"},
        {"person": str(person), "channel": "pigeon", "address": "roof"},
    ]

    card = AccountsDirectory(Peers({"items": items, "language": "en"})).card(person, NOON)
    (officer,) = AccountsDirectory(Peers({"items": items})).staff(NOON)

    assert (card.addresses, card.language, card.staff) == ({Channel.EMAIL: "a@b.cn"}, "en", False)
    assert (officer.person, officer.language, officer.staff) == (person, "zh", True)


def test_somebody_accounts_does_not_know_has_no_address():
    refusal = PeerUnavailable("accounts answered 404")
    refusal.answered = 404

    assert AccountsDirectory(Peers(refusal)).card(uuid4(), NOON).addresses == {}


@pytest.mark.parametrize("answer", [PeerUnavailable("away"), {"items": [{}]}, {"no": 1}, []])
def test_whatever_goes_wrong_with_accounts_is_a_closed_book(answer):
    with pytest.raises(BookClosed):
        AccountsDirectory(Peers(answer)).staff(NOON)


def test_a_card_is_fresh_for_a_day_and_a_staff_card_always():
    card = a_card(refreshed_at=NOON)
    day = timedelta(hours=24)

    assert card.usable(NOON + day - INSTANT)
    assert not card.usable(NOON + day)
    assert not a_card(refreshed_at=NOON, stale=True).usable(NOON)
    assert a_card(refreshed_at=NOON, staff=True, stale=True).usable(NOON + 9 * day)
