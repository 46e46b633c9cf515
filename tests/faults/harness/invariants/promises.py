"""What was answered with success is in the database, and asking again changes nothing."""

from tests.faults.harness.invariants.evidence import Evidence, Finding, invariant

NOTHING_LOST = "nothing that was acknowledged is lost"
SAME_AGAIN = "a repeated key gives the same resource"
_STEPS = "SELECT DISTINCT case_id, kind FROM case_steps"
_HELP = "SELECT id FROM help_requests"


@invariant(NOTHING_LOST)
def nothing_lost(evidence: Evidence, finding: Finding) -> None:
    """Each promise by its kind; what may have moved on is looked for where it can be by now."""
    offers = _states(evidence, "offers")
    appointments = _states(evidence, "appointments")
    steps = {(str(row.case_id), row.kind) for row in evidence.rows("booking", _STEPS)}
    stored = {
        "response": set(evidence.column("assessment", "SELECT id FROM responses")),
        "help": set(evidence.column("assessment", _HELP)),
        "appointment": set(appointments),
        "moved": set(appointments),
        "cancelled": _in(appointments, "cancelled"),
        "arrived": _in(appointments, "checked-in"),
        "declined": _in(offers, "declined"),
        "acknowledged": {case for case, kind in steps if kind == "acknowledged"},
        "contacted": {case for case, kind in steps if kind == "contact"},
        "planned": {case for case, kind in steps if kind == "plan"},
        "close-asked": {case for case, kind in steps if kind == "close-requested"},
        "closed": {case for case, kind in steps if kind == "closed"},
    }
    for promise in evidence.promises:
        finding.expect(
            promise.id in stored[promise.kind], f"{promise.kind} {promise.id} is not there"
        )


@invariant(SAME_AGAIN)
def same_again(evidence: Evidence, finding: Finding) -> None:
    """Within the run, and by the rows: one appointment or response a key."""
    for words in evidence.diary.repeats_that_differ:
        finding.say(f"asked again, answered differently: {words}")
    finding.look(evidence.diary.counts["repeats"])
    for kind, number in (
        ("response", evidence.number("assessment", "SELECT count(*) FROM responses")),
        ("appointment", evidence.number("booking", "SELECT count(*) FROM appointments")),
    ):
        promised = {each.id for each in evidence.diary.promised(kind)}
        finding.expect(
            number == len(promised), f"{number} rows for {len(promised)} promised: {kind}"
        )


def _states(evidence: Evidence, table: str) -> dict[str, str]:
    rows = evidence.rows("booking", f"SELECT id, state FROM {table}")
    return {str(row.id): row.state for row in rows}


def _in(states: dict[str, str], wanted: str) -> set[str]:
    return {each for each, state in states.items() if state == wanted}
