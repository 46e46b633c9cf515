"""What the use cases need of the store of signing keys."""

from collections.abc import Sequence
from typing import Protocol

from services.accounts.keys.domain import SigningKey


class SigningKeys(Protocol):
    """The keys there are, their private halves sealed at rest."""

    def all(self) -> Sequence[SigningKey]:
        """Every key, opened."""
        ...

    def lock(self) -> None:
        """Let nobody else make or drop keys until the end of the transaction."""
        ...

    def add(self, key: SigningKey) -> None:
        """Store a new one."""
        ...

    def drop(self, kid: str) -> None:
        """Forget one."""
        ...
