"""The statistics pages' reads, by the entrypoints that serve them, without HTTP around them.

Without it the comparison is stricter: what HTTP costs is the same whatever the ledger holds.
"""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from services.chassis.access import Principal, Role, Scope
from services.chassis.clock import SystemClock
from services.chassis.database import Database
from services.cli.errors import CommandFailed
from services.reporting.counting.codes import RESPONSES
from services.reporting.indicators.entrypoints import IndicatorEntrypoints
from services.reporting.loops.entrypoints import LoopEntrypoints
from services.reporting.suppression.rules import DEFAULT_MINIMUM, Rules

SOMEBODY = UUID(int=1)
ASKING = (
    # The city's year so far with bands, risk and crisis clocks, all months open: the dearest.
    (Role.CLINICAL_LEAD, Scope.CITY, "wh", False),
    # A district's month, live.
    (Role.DISTRICT_ADMIN, Scope.SUBTREE, "wh/d3", True),
)


class Views:
    """One database's dashboards."""

    def __init__(self, url: str) -> None:
        self._database = Database(url, pool=2)
        settings: Any = SimpleNamespace(rules=Rules(DEFAULT_MINIMUM))
        self._indicators, self._loops = IndicatorEntrypoints(), LoopEntrypoints()
        self._indicators.database = self._loops.database = self._database
        self._indicators.clock, self._indicators.settings_in_use = SystemClock(), settings
        self._loop = self._any_loop()

    def read(self) -> None:
        """The city's year, a district's month, and one loop."""
        for role, scope, unit, this_month in ASKING:
            self._indicators.list_indicators(_request(role, scope, unit, this_month))
        self._loops.show_loop(_request(*ASKING[0]), self._loop)

    def check(self) -> None:
        """The city's answers are counted, so these reads read something; else CommandFailed."""
        answer = self._indicators.list_indicators(_request(*ASKING[0]))
        if not any(item["code"] == RESPONSES and item["value"] for item in answer["items"]):
            raise CommandFailed("the city's year shows no answers")

    def close(self) -> None:
        """Give the connections back."""
        self._database.close()

    def _any_loop(self) -> str:
        with self._database.reading() as connection:
            found = connection.exec_driver_sql("SELECT correlation_id FROM ledger LIMIT 1")
            return str(found.scalar_one())


def _request(role: Role, scope: Scope, unit: str, this_month: bool) -> Any:
    now = datetime.now(UTC)
    return SimpleNamespace(
        principal=Principal(SOMEBODY, frozenset({role}), unit),
        scope=scope,
        query={"unit": unit, "year": now.year, "month": now.month if this_month else None},
        language="zh",
    )
