"""Routes of people for administrators: who is there, which roles, and temporary workers."""

from typing import Any
from uuid import UUID

from services.accounts.people.domain import PersonNotFound, RolesDoNotCombine
from services.accounts.people.granting import OwnRoles, RoleAboveYours
from services.accounts.people.queries import PeopleWanted, list_people, read_roles
from services.accounts.people.schemas import (
    AssignedRolesSchema,
    PersonPageSchema,
    PersonQuerySchema,
    ProvisionedSchema,
    RolesSchema,
    TemporaryWorkersSchema,
)
from services.accounts.people.usecases.assign_roles import AssignRoles, assign_roles
from services.accounts.people.usecases.end_person import EndPerson, end_person
from services.accounts.people.usecases.expire_temporary_workers import expire_temporary_workers
from services.accounts.people.usecases.provision_temporary_workers import (
    EXPIRY_TIMER,
    ProvisionTemporaryWorkers,
    provision_temporary_workers,
)
from services.accounts.settings import AccountsSettings
from services.accounts.units.domain import UnitHasEnded, UnitNotFound
from services.accounts.units.reach import UnitNotYours
from services.accounts.wiring import AccountsUnitOfWork, AccountsUnitOfWorkProvider
from services.chassis.access import Role, Scope
from services.chassis.clock import Clock
from services.chassis.container import ClockProvider, SettingsProvider
from services.chassis.http import INTERNAL, Request, http
from services.chassis.timers import DueTimer, on_due

PATH = "/api/accounts/v1/people"
BULK_LIMIT = 1024


class PersonEntrypoints:
    """Names, units and roles; never anything about health."""

    uow: AccountsUnitOfWork = AccountsUnitOfWorkProvider()
    configured: AccountsSettings = SettingsProvider()
    clock: Clock = ClockProvider()

    @http(
        "GET",
        PATH,
        action="person.list",
        query=PersonQuerySchema,
        answer=PersonPageSchema,
        summary="People of the own part of the tree",
    )
    def list_people(self, request: Request) -> dict[str, Any]:
        """Each person shown can see who looked."""
        within = None if request.scope is Scope.CITY else request.principal.unit
        wanted = PeopleWanted(within=within, **request.query)
        with self.uow as uow:
            found = list_people(wanted, uow.connection, uow.vault, uow.digest)
            for item in found["items"]:
                uow.audit("person.list", item["id"], item["id"])
            uow.commit()
        return found

    @http(
        "PUT",
        f"{PATH}/<uuid:person>/roles",
        action="role.assign",
        body=RolesSchema,
        answer=AssignedRolesSchema,
        summary="Give a person exactly these roles",
        errors=(
            PersonNotFound,
            OwnRoles,
            RoleAboveYours,
            UnitNotYours,
            RolesDoNotCombine,
            UnitNotFound,
            UnitHasEnded,
        ),
    )
    def assign_roles(self, request: Request, person: UUID) -> dict[str, Any]:
        """Access tokens follow at the next refresh, so within minutes."""
        command = AssignRoles(
            person=person,
            roles=frozenset(Role(role) for role in request.data["roles"]),
            scope=request.data["scope"],
            by=request.principal,
        )
        changed = assign_roles(command, uow=self.uow)
        roles = sorted(role.value for role in changed.roles)
        return {"person": changed.id, "roles": roles, "scope": changed.token_unit}

    @http(
        "POST",
        f"{PATH}/<uuid:person>/end",
        action="person.end",
        status=204,
        summary="End an account: no sign-in, no roles",
        errors=(PersonNotFound, OwnRoles, RoleAboveYours),
    )
    def end_person(self, request: Request, person: UUID) -> None:
        """Every session ends; records elsewhere keep the pseudonym."""
        end_person(EndPerson(person, request.principal), uow=self.uow)

    @http(
        "POST",
        "/api/accounts/v1/temporary-workers",
        action="temporary-workers.provision",
        body=TemporaryWorkersSchema,
        answer=ProvisionedSchema,
        status=201,
        limit=BULK_LIMIT,
        summary="Provision temporary workers for a campaign, each with its only token",
        errors=(UnitNotFound, UnitHasEnded, UnitNotYours),
    )
    def provision_temporary_workers(self, request: Request) -> dict[str, Any]:
        """No names, no passwords, no refresh; they end with their token."""
        command = ProvisionTemporaryWorkers(**request.data, by=request.principal)
        provisioned = provision_temporary_workers(
            command,
            uow=self.uow,
            clock=self.clock,
            lifetime=self.configured.temporary_lifetime,
        )
        items = [
            {"person": person.id, "access_token": token.text, "expires_in": token.expires_in}
            for person, token in provisioned
        ]
        return {"items": items}

    @http(
        "GET",
        "/internal/v1/people/<uuid:person>/roles",
        action=INTERNAL,
        callers=("booking",),
        summary="For booking's roster: what somebody may do now, and for which unit",
    )
    def roles_of(self, _request: Request, person: UUID) -> dict[str, Any]:
        """None for whoever has left."""
        with self.uow as uow:
            return read_roles(person, uow.connection)

    @on_due(EXPIRY_TIMER)
    def temporary_workers_expired(self, _timer: DueTimer) -> None:
        """End those whose time is over."""
        expire_temporary_workers(uow=self.uow, clock=self.clock)
