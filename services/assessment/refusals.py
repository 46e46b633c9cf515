"""A refused request whose critical answer was heard all the same says so."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from services.chassis.errors import ServiceError


@contextmanager
def telling_of(case: UUID | None) -> Iterator[None]:
    """Refusals from inside name the case that was opened, if one was."""
    try:
        yield
    except ServiceError as refusal:
        if case is not None:
            refusal.members["case"] = str(case)
        raise
