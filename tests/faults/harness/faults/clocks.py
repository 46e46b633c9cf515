"""Clocks that go wrong: one process's, or one database's."""

from services.cli.local.environment import database_name
from tests.faults.harness.faults.world import Trouble, kind


@kind("move-clock")
class MoveClock(Trouble):
    """One process is ahead of, or behind, all others."""

    def uses(self) -> set[str]:
        return {f"clock {self.fault.target}"}

    def begin(self) -> None:
        self.city.replicas[self.fault.target].move_clock(self.fault.facts["ahead"])

    def end(self) -> None:
        self.city.replicas[self.fault.target].move_clock(0)


@kind("move-database-clock")
class MoveDatabaseClock(Trouble):
    """A database's clock jumps, and later jumps back."""

    def uses(self) -> set[str]:
        return {"postgres"}

    def begin(self) -> None:
        self._move(self.fault.facts["ahead"])

    def end(self) -> None:
        self._move(-self.fault.facts["ahead"])

    def _move(self, seconds: float) -> None:
        self.city.postgres.move_clock(seconds, database_name(self.fault.target))
