"""What the use cases need of the store of units."""

from collections.abc import Collection, Mapping
from typing import Protocol

from services.accounts.units.domain import Unit


class Units(Protocol):
    """The tree."""

    def find(self, path: str) -> Unit | None:
        """The unit at this path, locked until the end of the transaction."""
        ...

    def get(self, path: str) -> Unit:
        """The same; raises UnitNotFound."""
        ...

    def names(self, paths: Collection[str]) -> Mapping[str, Unit]:
        """The units there are among these paths."""
        ...

    def in_use(self, path: str) -> bool:
        """Whether active units are below it or active people belong to it."""
        ...

    def add(self, unit: Unit) -> None:
        """Store a new one."""
        ...

    def save(self, unit: Unit) -> None:
        """Store its present state."""
        ...
