"""What must hold whatever happens, each found out from databases, mails and logs alone."""

from tests.faults.harness.invariants import (
    bookings,
    cases,
    events,
    health,
    mails,
    promises,
    responses,
    secrecy,
    statistics,
)
from tests.faults.harness.invariants.evidence import (
    INVARIANTS,
    Evidence,
    Finding,
    Mail,
    judge,
)

__all__ = [
    "INVARIANTS",
    "Evidence",
    "Finding",
    "Mail",
    "bookings",
    "cases",
    "events",
    "health",
    "judge",
    "mails",
    "promises",
    "responses",
    "secrecy",
    "statistics",
]
