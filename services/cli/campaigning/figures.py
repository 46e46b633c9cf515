"""The statistics service's figures, and how far they moved."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from services.cli.campaigning.recount import Tally
from services.cli.client import PublicClient

CITY_TIME = ZoneInfo("Asia/Shanghai")
STILL_SECONDS = 15.0


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

    def read(self) -> dict[str, int]:
        """Value by indicator code; what is withheld is left out."""
        found = self.client.get(
            "/api/reporting/v1/indicators", unit=self.unit, year=self.year, month=self.month
        )
        values = {each["code"]: each["value"] for each in found["items"]}
        return {code: int(value) for code, value in values.items() if value is not None}


def expected_moves(instrument: str, tally: Tally, bands: Iterable[str]) -> dict[str, int]:
    """By how much each indicator must move."""
    return {
        "responses-completed": tally.accepted,
        **{f"responses-{instrument}-{band}": tally.bands[band] for band in bands},
        "crisis-cases": tally.crisis_cases,
        "offers-made": tally.offers,
    }


def settled_moves(
    view: LiveView, before: dict[str, int], expected: dict[str, int], limit: float
) -> dict[str, int]:
    """The moves once they are as expected, or have stood still for a while."""
    deadline = time.monotonic() + limit
    moves, since = _moves(view, before, expected), time.monotonic()
    while moves != expected and time.monotonic() < deadline:
        if time.monotonic() - since > STILL_SECONDS:
            break
        time.sleep(0.5)
        latest = _moves(view, before, expected)
        if latest != moves:
            moves, since = latest, time.monotonic()
    return moves


def _moves(view: LiveView, before: dict[str, int], expected: dict[str, int]) -> dict[str, int]:
    now = view.read()
    return {code: now.get(code, 0) - before.get(code, 0) for code in expected}
