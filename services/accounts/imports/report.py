"""What became of an import: counts, and what is wrong row by row."""

from dataclasses import dataclass, field
from enum import StrEnum

from services.accounts.imports.rows import RowError

ERRORS_SHOWN = 1_000


class Outcome(StrEnum):
    """What one row led to."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(slots=True)
class Report:
    """Counts add up to `rows`; at most `ERRORS_SHOWN` errors are kept, the rest counted.

    `addresses_kept` counts people whose own addresses differ from the file's: whoever has set a
    password looks after the addresses alone, for a code to a changed one would open the account.
    """

    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    errors: list[RowError] = field(default_factory=list)
    errors_left_out: int = 0
    addresses_kept: int = 0
    ignored_columns: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return sum(self.counts.values())

    def count(self, outcome: Outcome) -> None:
        """One row more."""
        self.counts[outcome] += 1

    def refuse(self, errors: list[RowError]) -> None:
        """One row was refused for these reasons."""
        self.count(Outcome.REFUSED)
        room = max(ERRORS_SHOWN - len(self.errors), 0)
        self.errors += errors[:room]
        self.errors_left_out += len(errors[room:])
