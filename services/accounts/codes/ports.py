"""What the use cases need of the store of one-time codes."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from services.accounts.codes.domain import OneTimeCode


class Codes(Protocol):
    """At most one code a person and purpose."""

    def of(self, person: UUID) -> Sequence[OneTimeCode]:
        """The person's, locked until the end of the transaction."""
        ...

    def find(self, code: UUID) -> OneTimeCode | None:
        """The code with this id, unless another has taken its place."""
        ...

    def put(self, code: OneTimeCode) -> None:
        """Store it, in place of an earlier one for the same purpose."""
        ...

    def drop_all(self, person: UUID) -> None:
        """The person needs none any more."""
        ...
