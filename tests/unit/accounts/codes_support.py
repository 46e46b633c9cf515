"""Printing, asking for, delivering and using one-time codes."""

from uuid import UUID

from services.accounts.codes.usecases.deliver_code import DeliverCode, deliver_code
from services.accounts.codes.usecases.print_first_code import PrintFirstCode, print_first_code
from services.accounts.codes.usecases.request_reset import RequestReset, request_reset
from services.accounts.codes.usecases.set_password import SetPassword, set_password
from services.accounts.codes.usecases.start_reset import StartReset, start_reset
from services.accounts.people.domain import Person
from services.accounts.people.usecases.set_contact_points import (
    SetContactPoints,
    set_contact_points,
)
from services.accounts.sessions.domain import Session
from services.chassis.access import Role
from services.chassis.clock import FixedClock
from services.contracts.notification import Channel
from tests.unit.accounts.builders import somebody
from tests.unit.accounts.fakes import RIGHT, FakePasswords, FakeWork

NEW = "a new long word"


class FakeMessenger:
    def __init__(self) -> None:
        self.sent: list[dict] = []

    def send(self, message: dict) -> None:
        self.sent.append(message)


def use(uow: FakeWork, clock: FixedClock, login: str, code: str, password: str = NEW) -> None:
    command = SetPassword(login=login, code=code, password=password, address="192.0.2.1")
    set_password(command, uow=uow, passwords=FakePasswords(), clock=clock)


def printed(uow: FakeWork, clock: FixedClock, person: UUID, role: Role = Role.UNIT_ADMIN) -> str:
    by = somebody(role, unit="wh/hc/e1")
    return print_first_code(PrintFirstCode(person, by), uow=uow, clock=clock).code


def ask(uow: FakeWork, clock: FixedClock, login: str, address: str = "192.0.2.1") -> None:
    request_reset(RequestReset(login, address), uow=uow, clock=clock)


def come_due(uow: FakeWork, clock: FixedClock) -> FakeMessenger:
    """Let every timer do its work once."""
    messenger = FakeMessenger()
    for kind, key in [key for key in uow.timers.all if key[0] == "password-reset"]:
        payload = uow.timers.all.pop((kind, key))
        start_reset(StartReset(payload["login"]), uow=uow, clock=clock)
    for kind, key in [key for key in uow.timers.all if key[0] == "one-time-message"]:
        payload = uow.timers.all.pop((kind, key))
        command = DeliverCode(UUID(key), UUID(payload["person"]), payload["code"])
        deliver_code(command, uow=uow, messenger=messenger, clock=clock)
    return messenger


PLANTED = "+8613800000009"


def reach_at(person: Person, session: Session, uow: FakeWork, clock: FixedClock) -> None:
    command = SetContactPoints(person.id, session.id, RIGHT, [(Channel.SMS, PLANTED)])
    set_contact_points(command, uow=uow, passwords=FakePasswords(), clock=clock)
