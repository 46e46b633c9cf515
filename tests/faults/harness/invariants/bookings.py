"""Nobody is in two places at once, by a sweep over all appointments that knows no constraint."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from tests.faults.harness.invariants.evidence import Evidence, Finding, invariant

NO_DOUBLE_BOOKING = "no double booking"
_LIVE = """
    SELECT id, slot, counsellor, person, room, starts_at, ends_at
    FROM appointments WHERE state <> 'cancelled'
"""
_SLOTS = """
    SELECT s.id, s.state, count(a.id) AS bookings
    FROM slots s LEFT JOIN appointments a ON a.slot = s.id AND a.state <> 'cancelled'
    GROUP BY s.id, s.state
    HAVING count(a.id) > 1 OR (s.state = 'taken') <> (count(a.id) = 1)
"""


@invariant(NO_DOUBLE_BOOKING)
def no_double_booking(evidence: Evidence, finding: Finding) -> None:
    """Per slot, counsellor, worker and room; and a slot is taken exactly if somebody has it."""
    rows = evidence.rows("booking", _LIVE)
    finding.look(len(rows))
    for whose in ("counsellor", "person", "room"):
        _overlaps(rows, whose, finding)
    for row in evidence.rows("booking", _SLOTS):
        finding.say(f"slot {row.id} is {row.state} with {row.bookings} appointments")


def _overlaps(rows: Sequence[Any], whose: str, finding: Finding) -> None:
    days: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        if getattr(row, whose) is not None:
            days[getattr(row, whose)].append(row)
    for one, mine in days.items():
        mine.sort(key=lambda row: (row.starts_at, row.ends_at))
        for earlier, later in pairwise(mine):
            if later.starts_at < earlier.ends_at:
                finding.say(f"{whose} {one} has {earlier.id} and {later.id} at once")
