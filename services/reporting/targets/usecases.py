"""Setting targets: one, or the defaults that are not set yet."""

from uuid import UUID

from services.reporting.targets.defaults import default_targets
from services.reporting.targets.domain import Target
from services.reporting.targets.ports import TargetWork


def set_target(target: Target, *, by: UUID, uow: TargetWork) -> None:
    """Set or change one target."""
    with uow:
        uow.targets.set(target, by, uow.now())
        uow.commit()


def end_target(unit: str, year: int, code: str, *, uow: TargetWork) -> None:
    """Take one away."""
    with uow:
        uow.targets.end(unit, year, code)
        uow.commit()


def set_default_targets(unit: str, year: int, *, by: UUID, uow: TargetWork) -> list[Target]:
    """Set each default the unit's year has no target for yet; returns all its targets."""
    with uow:
        known = uow.targets.of(unit, year)
        for target in default_targets(unit, year):
            if target.code not in known:
                uow.targets.set(target, by, uow.now())
                known[target.code] = target
        uow.commit()
    return sorted(known.values(), key=lambda target: target.code)
