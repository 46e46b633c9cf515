"""What can be done with units: make, describe, end, take up again."""

from dataclasses import dataclass

from services.accounts.ports import AccountsWork
from services.accounts.units.domain import (
    Levels,
    Unit,
    UnitAlreadyThere,
    UnitHasEnded,
    UnitKind,
    UnitStatus,
    UnitStillInUse,
    new_unit,
)
from services.accounts.units.publishing import announce_unit
from services.accounts.units.reach import check_reach
from services.chassis.access import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUnit:
    """Add a unit below another."""

    parent: str
    segment: str
    name: str
    level: str
    kind: UnitKind
    by: Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeUnit:
    """Rename a unit, give it another kind, end it or take it up again."""

    path: str
    by: Principal
    name: str | None = None
    kind: UnitKind | None = None
    status: UnitStatus | None = None


def create_unit(command: CreateUnit, *, uow: AccountsWork, levels: Levels) -> Unit:
    """Returns the new unit."""
    check_reach(command.by, command.parent)
    with uow:
        if not uow.units.get(command.parent).active:
            raise UnitHasEnded
        unit = new_unit(
            command.parent, command.segment, command.name, command.level, command.kind, levels
        )
        if uow.units.find(unit.path) is not None:
            raise UnitAlreadyThere
        uow.units.add(unit)
        announce_unit(unit, uow)
        uow.commit()
    return unit


def change_unit(command: ChangeUnit, *, uow: AccountsWork) -> Unit:
    """Returns the unit as it is now."""
    check_reach(command.by, command.path)
    with uow:
        unit = uow.units.get(command.path)
        unit.describe(command.name or unit.name, command.kind or unit.kind)
        _change_status(unit, command.status, uow)
        uow.units.save(unit)
        announce_unit(unit, uow)
        uow.commit()
    return unit


def _change_status(unit: Unit, status: UnitStatus | None, uow: AccountsWork) -> None:
    if status is UnitStatus.ENDED:
        if uow.units.in_use(unit.path):
            raise UnitStillInUse
        unit.end()
    elif status is UnitStatus.ACTIVE:
        if unit.parent and not uow.units.get(unit.parent).active:
            raise UnitHasEnded
        unit.take_up()
