"""Routes of oneself: the own page, the own addresses, who looked."""

from typing import Any

from services.accounts.people.contact_points import BadContactPoint
from services.accounts.people.domain import Person, PersonNotFound
from services.accounts.people.queries import read_access_log, read_me
from services.accounts.people.schemas import (
    AccessLogSchema,
    ContactPointsSchema,
    MeSchema,
    NewContactPointsSchema,
)
from services.accounts.people.usecases.set_contact_points import (
    SetContactPoints,
    set_contact_points,
)
from services.accounts.sessions.current import session_of
from services.accounts.sessions.domain import SessionEnded
from services.accounts.sessions.passwords import Passwords
from services.accounts.sessions.proving import WrongPassword
from services.accounts.sessions.throttling import TooManyFailures
from services.accounts.wiring import (
    AccountsUnitOfWork,
    AccountsUnitOfWorkProvider,
    PasswordsProvider,
)
from services.chassis.clock import Clock
from services.chassis.container import ClockProvider
from services.chassis.http import Request, http
from services.chassis.paging import PageSchema
from services.contracts.notification import Channel

ME = "/api/accounts/v1/people/me"


class OwnEntrypoints:
    """What everybody may see and change of themselves."""

    uow: AccountsUnitOfWork = AccountsUnitOfWorkProvider()
    passwords: Passwords = PasswordsProvider()
    clock: Clock = ClockProvider()

    @http(
        "GET",
        ME,
        action="me.read",
        answer=MeSchema,
        summary="Oneself",
        errors=(PersonNotFound,),
    )
    def read_me(self, request: Request) -> dict[str, Any]:
        """Name, roles, unit."""
        with self.uow as uow:
            return read_me(request.principal.person, uow.connection, uow.vault)

    @http(
        "GET",
        "/api/accounts/v1/me",
        action="me.read",
        answer=MeSchema,
        summary="Oneself, by a shorter path",
        errors=(PersonNotFound,),
    )
    def read_me_shortly(self, request: Request) -> dict[str, Any]:
        """The same."""
        with self.uow as uow:
            return read_me(request.principal.person, uow.connection, uow.vault)

    @http(
        "GET",
        f"{ME}/contact-points",
        action="contact-point.write",
        answer=ContactPointsSchema,
        summary="The own addresses",
        errors=(PersonNotFound,),
    )
    def read_own_contact_points(self, request: Request) -> dict[str, Any]:
        """Opened for nobody but their owner."""
        with self.uow as uow:
            person = uow.people.get(request.principal.person)
            return _shown(person, list(uow.contact_points.of(person.id)))

    @http(
        "PUT",
        f"{ME}/contact-points",
        action="contact-point.write",
        body=NewContactPointsSchema,
        answer=ContactPointsSchema,
        summary="Replace the own addresses, at most one a channel; the password is asked for again",
        errors=(BadContactPoint, PersonNotFound, SessionEnded, TooManyFailures, WrongPassword),
    )
    def set_own_contact_points(self, request: Request) -> dict[str, Any]:
        """None at all is a choice as well."""
        items = [(Channel(item["channel"]), item["address"]) for item in request.data["items"]]
        language = request.data.get("language")
        command = SetContactPoints(
            request.principal.person,
            session_of(request),
            request.data["password"],
            items,
            language,
        )
        person, points = set_contact_points(
            command, uow=self.uow, passwords=self.passwords, clock=self.clock
        )
        return _shown(person, points)

    @http(
        "GET",
        f"{ME}/access-log",
        action="me.read",
        query=PageSchema,
        answer=AccessLogSchema,
        summary="Who looked at, or changed, what accounts keeps about oneself",
    )
    def read_access_log(self, request: Request) -> dict[str, Any]:
        """With the reason that was given."""
        with self.uow as uow:
            person = request.principal.person
            return read_access_log(person, uow.connection, uow.vault, **request.query)


def _shown(person: Person, points: list[Any]) -> dict[str, Any]:
    items = [{"channel": point.channel.value, "address": point.address} for point in points]
    return {"items": items, "language": person.language}
