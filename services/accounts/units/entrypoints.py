"""Routes of the unit tree."""

from typing import Any

from services.accounts.settings import AccountsSettings
from services.accounts.units.domain import (
    BadUnit,
    Unit,
    UnitAlreadyThere,
    UnitHasEnded,
    UnitKind,
    UnitNotFound,
    UnitStatus,
    UnitStillInUse,
)
from services.accounts.units.queries import list_units, read_unit
from services.accounts.units.reach import UnitNotYours
from services.accounts.units.schemas import (
    NewUnitSchema,
    UnitChangeSchema,
    UnitPageSchema,
    UnitQuerySchema,
    UnitSchema,
)
from services.accounts.units.usecases import ChangeUnit, CreateUnit, change_unit, create_unit
from services.accounts.wiring import AccountsUnitOfWork, AccountsUnitOfWorkProvider
from services.chassis.container import SettingsProvider
from services.chassis.database import Database, DatabaseProvider
from services.chassis.http import Request, http

PATH = "/api/accounts/v1/units"


class UnitEntrypoints:
    """The union's tree."""

    uow: AccountsUnitOfWork = AccountsUnitOfWorkProvider()
    configured: AccountsSettings = SettingsProvider()
    database: Database = DatabaseProvider()

    @http(
        "GET",
        PATH,
        action="unit.list",
        query=UnitQuerySchema,
        answer=UnitPageSchema,
        summary="Units by path: children of `parent`, or all `under` a path",
    )
    def list_units(self, request: Request) -> dict[str, Any]:
        """The tree is no secret among those who are signed in."""
        with self.database.reading() as connection:
            return list_units(connection, **request.query)

    @http(
        "GET",
        f"{PATH}/<path:path>",
        action="unit.list",
        answer=UnitSchema,
        summary="One unit",
        errors=(UnitNotFound,),
    )
    def read_unit(self, _request: Request, path: str) -> dict[str, Any]:
        """By its path."""
        with self.database.reading() as connection:
            found = read_unit(connection, path)
        if found is None:
            raise UnitNotFound
        return found

    @http(
        "POST",
        PATH,
        action="unit.write",
        body=NewUnitSchema,
        answer=UnitSchema,
        status=201,
        summary="Add a unit",
        errors=(BadUnit, UnitNotFound, UnitNotYours, UnitAlreadyThere, UnitHasEnded),
    )
    def create_unit(self, request: Request) -> Unit:
        """Below one of the person's own part of the tree."""
        data = {**request.data, "kind": UnitKind(request.data["kind"])}
        command = CreateUnit(**data, by=request.principal)
        return create_unit(command, uow=self.uow, levels=self.configured.levels)

    @http(
        "PATCH",
        f"{PATH}/<path:path>",
        action="unit.write",
        body=UnitChangeSchema,
        answer=UnitSchema,
        summary="Rename a unit, give it another kind, end it or take it up again",
        errors=(BadUnit, UnitNotFound, UnitNotYours, UnitStillInUse, UnitHasEnded),
    )
    def change_unit(self, request: Request, path: str) -> Unit:
        """A path never changes: events and records of other services name it."""
        data = request.data
        command = ChangeUnit(
            path=path,
            by=request.principal,
            name=data.get("name"),
            kind=UnitKind(data["kind"]) if "kind" in data else None,
            status=UnitStatus(data["status"]) if "status" in data else None,
        )
        return change_unit(command, uow=self.uow)
