"""What the use cases need of the store of imports."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportDone:
    """That a file was imported, and what became of its rows; nothing of the file itself."""

    id: UUID
    by: UUID | None
    at: datetime
    digest: bytes
    created: int
    updated: int
    unchanged: int
    refused: int


class Imports(Protocol):
    """Imports that took place."""

    def lock(self) -> None:
        """Let no other import look anybody up until the end of the transaction."""
        ...

    def add(self, done: ImportDone) -> None:
        """Note one."""
        ...
