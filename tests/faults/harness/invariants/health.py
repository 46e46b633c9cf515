"""Nobody fell over who was not pushed, nobody waits, and a full subscriber was really full."""

from services.apphost import KEEPERS
from tests.faults.harness.invariants.evidence import Evidence, Finding, invariant

STAYED_UP = "no process ended by itself"
TIMERS_RUN = "no timer is late"
SUBSCRIBER = "a full subscriber dropped its own events only"
_LATE = "SELECT kind, key FROM timers WHERE due_at < now() - interval '30 seconds'"


@invariant(STAYED_UP)
def stayed_up(evidence: Evidence, finding: Finding) -> None:
    """`ended` holds the exit codes of processes that ended and were not ended."""
    finding.look()
    for title, code in evidence.ended.items():
        finding.say(f"{title} ended with code {code}")


@invariant(TIMERS_RUN)
def timers_run(evidence: Evidence, finding: Finding) -> None:
    """By each database's own clock."""
    for name in KEEPERS:
        finding.look(evidence.number(name, "SELECT count(*) FROM timers"))
        for row in evidence.rows(name, _LATE):
            finding.say(f"{name}: timer {row.kind} {row.key} is late")


@invariant(SUBSCRIBER)
def subscriber_was_full(evidence: Evidence, finding: Finding) -> None:
    """Its queue never grew past its limit; that nobody else lost anything is told elsewhere."""
    for depth, limit in evidence.diary.subscriber_depths:
        finding.expect(depth <= limit, f"a queue limited to {limit} holds {depth}")
