"""What the other services hear of units."""

from services.accounts.ports import Publishes
from services.accounts.units.domain import Unit
from services.contracts.accounts import UnitChangedV1


def announce_unit(unit: Unit, uow: Publishes) -> None:
    """Publish what happened to the unit since it was loaded."""
    if unit.events:
        unit.events.clear()
        uow.publish(
            UnitChangedV1(
                path=unit.path,
                name=unit.name,
                level=unit.level,
                kind=unit.kind.value,
                status=unit.status.value,
                parent=unit.parent,
            ),
            unit=unit.path,
        )
