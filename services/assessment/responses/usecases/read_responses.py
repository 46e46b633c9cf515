"""A person reads their own results; every reading leaves a trace."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.assessment.ports import Work
from services.assessment.remarks.domain import Remark
from services.assessment.responses.domain import Response


def read_response(response_id: UUID, person: UUID, *, uow: Work) -> tuple[Response, Remark | None]:
    """One result of one's own, and what one said to it; raises ResponseNotFound for anybody
    else's.
    """
    with uow:
        response = uow.responses.get(response_id, person)
        remark = uow.remarks.of(response_id, person)
        uow.audit("response.read", response_id, person)
        uow.commit()
    return response, remark


def read_responses(
    person: UUID,
    *,
    instrument: str | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
    uow: Work,
) -> Sequence[Response]:
    """A page of one's own results, newest first."""
    with uow:
        found = uow.responses.page(person, instrument, before, limit)
        uow.audit("response.list", "own", person)
        uow.commit()
    return found
