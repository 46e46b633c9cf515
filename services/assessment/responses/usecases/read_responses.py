"""A person reads their own results; every reading leaves a trace."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.assessment.ports import Work
from services.assessment.responses.domain import Response


def read_response(response_id: UUID, person: UUID, *, uow: Work) -> Response:
    """One result of one's own; raises ResponseNotFound for anybody else's."""
    with uow:
        response = uow.responses.get(response_id, person)
        uow.audit("response.read", response_id, person)
        uow.commit()
    return response


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
