"""Routes to other people's addresses: the duty officer's, with a reason; notification's."""

from typing import Any
from uuid import UUID

from services.accounts.people.domain import PersonNotFound
from services.accounts.people.queries import read_contact_card, read_staff_cards
from services.accounts.people.schemas import ReachableQuerySchema, ReachableSchema
from services.accounts.people.usecases.read_contact_points import (
    CaseNotFound,
    Cases,
    ReadContactPoints,
    read_contact_points,
)
from services.accounts.wiring import (
    AccountsUnitOfWork,
    AccountsUnitOfWorkProvider,
    CasesProvider,
)
from services.chassis.http import INTERNAL, Request, http


class ContactEntrypoints:
    """Who may reach whom."""

    uow: AccountsUnitOfWork = AccountsUnitOfWorkProvider()
    cases: Cases = CasesProvider()

    @http(
        "GET",
        "/api/accounts/v1/people/<uuid:person>/contact-points",
        action="contact-point.read",
        query=ReachableQuerySchema,
        answer=ReachableSchema,
        pool="crisis",
        summary="How to reach the person of a case; the person can see who asked and why",
        errors=(PersonNotFound, CaseNotFound),
    )
    def read_contact_points(self, request: Request, person: UUID) -> dict[str, Any]:
        """Not held up by ordinary requests."""
        command = ReadContactPoints(person, request.query["case"], request.query["reason"])
        found = read_contact_points(command, uow=self.uow, cases=self.cases)
        return {
            "person": person,
            "name": found.profile.name if found.profile else None,
            "unit": found.unit,
            "unit_name": found.unit_name,
            "items": [
                {"channel": point.channel.value, "address": point.address} for point in found.points
            ],
        }

    @http(
        "GET",
        "/internal/v1/people/<uuid:person>/contact-points",
        action=INTERNAL,
        callers=("notification",),
        pool="crisis",
        summary="For notification: one person's addresses",
    )
    def contact_card(self, _request: Request, person: UUID) -> dict[str, Any]:
        """Nobody reads it: a machine sends a message."""
        with self.uow as uow:
            return read_contact_card(person, uow.connection, uow.vault)

    @http(
        "GET",
        "/internal/v1/staff-contact-points",
        action=INTERNAL,
        callers=("notification",),
        pool="crisis",
        summary="For notification: the addresses of everybody who may be paged",
    )
    def staff_cards(self, _request: Request) -> dict[str, Any]:
        """Read at notification's start, and when roles or addresses change."""
        with self.uow as uow:
            return read_staff_cards(uow.connection, uow.vault)
