"""The duty's state at a glance, for the loud warning: who answers now, and what waits."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from services.booking.cases.policy import CrisisPolicy
from services.booking.cases.queries import queue_counts
from services.booking.rosters.queries import coverage, next_start, on_duty


def duty_status(
    connection: Connection, policy: CrisisPolicy, now: datetime, *, queue: bool
) -> dict[str, Any]:
    """Nothing in it is about a person in care, so it may be asked for every few seconds.

    `queue`: with how much waits, which in a quiet hour tells of a single case.
    """
    officers = on_duty(connection, now)
    ahead = now + timedelta(hours=policy.roster.look_ahead_hours)
    covered = coverage(connection, now, ahead, policy.roster.tiers)
    return {
        "now": now,
        "rostered": bool(officers),
        "fallback": not officers,
        "gap_until": None if officers else next_start(connection, now),
        "covered": covered["covered"],
        "on_duty": officers,
        "gaps": covered["gaps"],
        **({"queue": queue_counts(connection, now)} if queue else {}),
        "policy": {
            "version": policy.version,
            "signed_by": policy.signed_by.name if policy.signed_by else None,
            "signed_on": policy.signed_by.on if policy.signed_by else None,
        },
    }
