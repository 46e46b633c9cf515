"""The statistics service's figures, and how far they moved."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from services.cli.campaigning.recount import Tally
from services.cli.client import PublicClient

CITY_TIME = ZoneInfo("Asia/Shanghai")
STILL_SECONDS = 30.0

Figures = dict[str, int | None]


@dataclass(frozen=True, slots=True)
class LiveView:
    """One month of one unit as the clinical lead sees it: exact and at once."""

    client: PublicClient
    unit: str
    year: int
    month: int

    @classmethod
    def of_this_month(cls, client: PublicClient, unit: str) -> "LiveView":
        """The month the city is in."""
        now = datetime.now(CITY_TIME)
        return cls(client, unit, now.year, now.month)

    def read(self) -> Figures:
        """Value by indicator code; None where a small group is withheld."""
        found = self.client.get(
            "/api/reporting/v1/indicators", unit=self.unit, year=self.year, month=self.month
        )
        return {
            each["code"]: None if each["value"] is None else int(each["value"])
            for each in found["items"]
        }


def expected_moves(instrument: str, tally: Tally, bands: Iterable[str]) -> dict[str, int]:
    """By how much each indicator must move; `bands` are those that have one."""
    return {
        "responses-completed": tally.accepted,
        **{f"responses-{instrument}-{band}": tally.bands[band] for band in bands},
        "crisis-cases": tally.crisis_cases,
        "offers-made": tally.offers,
    }


def moves_between(before: Figures, after: Figures, codes: Iterable[str]) -> Figures:
    """By how much each moved; None where either value is withheld."""
    return {code: _move(before.get(code, 0), after.get(code, 0)) for code in codes}


def _move(before: int | None, after: int | None) -> int | None:
    return None if before is None or after is None else after - before


def settled_moves(
    view: LiveView, before: Figures, expected: dict[str, int], limit: float
) -> Figures:
    """The moves once they are as expected, or have stood still for a while."""
    deadline = time.monotonic() + limit
    moves, since = moves_between(before, view.read(), expected), time.monotonic()
    while moves != expected and time.monotonic() < deadline:
        if time.monotonic() - since > STILL_SECONDS:
            break
        time.sleep(0.5)
        latest = moves_between(before, view.read(), expected)
        if latest != moves:
            moves, since = latest, time.monotonic()
    return moves
