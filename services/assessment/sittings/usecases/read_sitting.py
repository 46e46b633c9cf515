"""A person returns to a sitting; and sittings nobody returned to are forgotten."""

from datetime import timedelta
from uuid import UUID

from services.assessment.ports import Work
from services.assessment.sittings.domain import Sitting


def read_sitting(sitting_id: UUID, person: UUID, *, uow: Work) -> Sitting:
    """One's own; raises SittingNotFound."""
    with uow:
        sitting = uow.sittings.get(sitting_id, person)
        uow.audit("sitting.read", sitting_id, person)
        uow.commit()
    return sitting


def forget_old_sittings(kept: timedelta, *, uow: Work) -> int:
    """What was answered in them is gone; cases they opened stand. Returns how many."""
    with uow:
        forgotten = uow.sittings.discard_older(kept)
        uow.commit()
    return forgotten
