"""What reporting counted, against a count of the rows that assessment and booking keep.

Nothing of reporting's code is used here: what its codes mean is said once more, in these lines.
"""

from collections import Counter
from collections.abc import Iterator

from tests.faults.harness.invariants.evidence import Evidence, Finding, invariant
from tests.faults.harness.load.expected import expected_of

RECOUNT = "the statistics equal an independent recount"
_UNITS = "SELECT id, unit FROM people"
_RESPONSES = "SELECT id, person, instrument FROM responses"
_OFFERS = "SELECT unit, state FROM offers"
_APPOINTMENTS = "SELECT unit, state FROM appointments"
_PLACES = "SELECT unit, level FROM sites"
_COUNTED = "SELECT unit, own, code, sum(value) AS value FROM counters GROUP BY 1, 2, 3"
_CRISES = "SELECT count(*) FROM cases WHERE crisis AND NOT drill"
_TAKEN = """
    SELECT count(DISTINCT s.case_id) FROM case_steps s JOIN cases c ON c.id = s.case_id
    WHERE s.kind = 'acknowledged' AND c.crisis AND NOT c.drill
"""
_FIGURE = "SELECT coalesce(sum(cases), 0) FROM case_figures WHERE code = :code"

Counts = Counter[tuple[str, bool, str]]


@invariant(RECOUNT)
def recounted(evidence: Evidence, finding: Finding) -> None:
    """Every counter of every unit, over all months."""
    counted = {
        (row.unit, row.own, row.code): int(row.value)
        for row in evidence.rows("reporting", _COUNTED)
    }
    wanted = _counted_above(_recount(evidence, finding))
    for key in sorted(counted.keys() | wanted.keys()):
        unit, own, code = key
        if code == "experts-registered":
            continue
        one, other = counted.get(key, 0), wanted[key]
        whose = "itself" if own else "all below"
        finding.expect(one == other, f"{code} of {unit} ({whose}): {one}, recounted {other}")
    for code, statement in (("crisis-cases", _CRISES), ("crisis-acknowledged-minutes", _TAKEN)):
        one = evidence.number("reporting", _FIGURE, code=code)
        other = evidence.number("booking", statement)
        finding.expect(one == other, f"{code}: {one}, recounted {other}")


def _recount(evidence: Evidence, finding: Finding) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    found.update(_of_responses(evidence, finding))
    for row in evidence.rows("booking", _OFFERS):
        found[row.unit, "offers-made"] += 1
        if row.state != "open":
            found[row.unit, f"offers-{row.state}"] += 1
    for row in evidence.rows("booking", _APPOINTMENTS):
        found[row.unit, "appointments-booked"] += 1
        if row.state != "booked":
            found[row.unit, f"appointments-{row.state}"] += 1
    for row in evidence.rows("booking", _PLACES):
        found[row.unit, f"sites-opened-{row.level}"] += 1
    found.update(_of_moves(evidence))
    return found


def _of_responses(evidence: Evidence, finding: Finding) -> Iterator[tuple[str, str]]:
    """Bands and risks are sealed in the database: they follow from what people answered."""
    units = {str(row.id): row.unit for row in evidence.rows("accounts", _UNITS)}
    answered = {each.id: each.facts for each in evidence.diary.promised("response")}
    for row in evidence.rows("assessment", _RESPONSES):
        unit = units.get(str(row.person), "")
        facts = answered.get(str(row.id))
        if facts is None:
            finding.say(f"response {row.id} is stored, and nobody was told so")
            continue
        expected = expected_of(row.instrument, facts["answers"])
        for code in ("completed", row.instrument, f"{row.instrument}-{expected.band}"):
            yield unit, f"responses-{code}"
        yield unit, f"risk-{expected.risk}"


def _of_moves(evidence: Evidence) -> Iterator[tuple[str, str]]:
    units = {
        str(row.id): row.unit
        for row in evidence.rows("booking", "SELECT id, unit FROM appointments")
    }
    for promise in {each.key: each for each in evidence.diary.promised("moved")}.values():
        yield units[promise.id], "appointments-rescheduled"


def _counted_above(own: Counter[tuple[str, str]]) -> Counts:
    """What a unit has itself counts for all above it."""
    found: Counts = Counter()
    for (unit, code), number in own.items():
        found[unit, True, code] += number
        names = unit.split("/")
        for length in range(1, len(names)):
            found["/".join(names[:length]), False, code] += number
    return found
