"""What happens between proving the present password and writing what it was asked for."""

from uuid import UUID

import pytest

from services.accounts.people.usecases.set_contact_points import (
    SetContactPoints,
    set_contact_points,
)
from services.accounts.sessions.domain import EndReason, SessionEnded
from services.accounts.sessions.usecases.change_password import ChangePassword, change_password
from services.chassis.clock import FixedClock
from services.contracts.notification import Channel
from tests.unit.accounts.builders import a_city, a_member, a_session
from tests.unit.accounts.fakes import NINE, RIGHT, FakePasswords, FakeWork


@pytest.fixture
def uow() -> FakeWork:
    return a_city(FakeWork())


class ResetMeanwhile(FakePasswords):
    """While the old password is being proved, its owner sets a new one, which ends sessions."""

    def __init__(self, uow: FakeWork, person: UUID) -> None:
        super().__init__()
        self._uow, self._person = uow, person

    def verify(self, stored: str | None, password: str) -> bool:
        self._uow.sessions.end_all(self._person, EndReason.PASSWORD_CHANGED)
        return super().verify(stored, password)


def test_a_session_that_ends_while_the_password_is_proved_sets_no_address(uow: FakeWork) -> None:
    person, clock = a_member(uow), FixedClock(NINE)
    items = [(Channel.SMS, "13800000001")]
    command = SetContactPoints(person.id, a_session(uow, person).id, RIGHT, items)

    with pytest.raises(SessionEnded):
        set_contact_points(command, uow=uow, passwords=ResetMeanwhile(uow, person.id), clock=clock)

    assert list(uow.contact_points.of(person.id)) == []


def test_a_session_that_ends_while_the_password_is_proved_sets_no_other(uow: FakeWork) -> None:
    person = a_member(uow)
    before = uow.credentials.find(person.id)
    command = ChangePassword(
        person=person.id,
        current=RIGHT,
        new="another long word",
        session=a_session(uow, person).id,
    )

    with pytest.raises(SessionEnded):
        change_password(
            command, uow=uow, passwords=ResetMeanwhile(uow, person.id), clock=FixedClock(NINE)
        )

    assert uow.credentials.find(person.id) == before
