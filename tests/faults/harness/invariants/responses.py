"""A response that calls for care ends in exactly one way."""

from collections import Counter, defaultdict

from tests.faults.harness.invariants.evidence import Evidence, Finding, invariant
from tests.faults.harness.load.expected import expected_of

ONE_OUTCOME = "every response above the threshold has exactly one outcome"
_ENDS = {
    "booking.offer-accepted.v1": "accepted",
    "booking.offer-declined.v1": "declined",
    "booking.offer-expired.v1": "expired",
}
_JOINED = (
    "SELECT r.response, r.offer, o.state FROM offer_responses r JOIN offers o ON o.id = r.offer"
)
_MADE = "SELECT data->>'response' AS response, subject AS offer FROM outbox WHERE type = :type"
_ENDED = "SELECT type, subject FROM outbox WHERE type = ANY(:types)"
_COMPLETED = """
    SELECT subject, (data->>'care_level')::int AS level FROM outbox
    WHERE type = 'assessment.response-completed.v1' AND data->>'person' IS NOT NULL
"""
OFFERED_FROM = 2


@invariant(ONE_OUTCOME)
def one_outcome(evidence: Evidence, finding: Finding) -> None:
    """Offered, accepted, declined, expired, or joined to the offer of an earlier response; a
    closed offer was closed once, in the way its row says.
    """
    offers = {str(row.response): row for row in evidence.rows("booking", _JOINED)}
    told = evidence.rows("booking", _MADE, type="booking.offer-made.v1")
    makers = {row.offer: row.response for row in told}
    makes = Counter(row.response for row in told)
    for response in sorted(_due(evidence)):
        if response not in offers:
            finding.expect(False, f"response {response} led to no offer")
            continue
        joined = makers.get(str(offers[response].offer)) not in {response, None}
        finding.expect(
            makes[response] == (0 if joined else 1),
            f"response {response}: told as an offer {makes[response]} times, joined: {joined}",
        )
    _each_closed_once(evidence, finding)


def _due(evidence: Evidence) -> set[str]:
    """By what people answered, and by what assessment told."""
    told = {
        str(row.subject)
        for row in evidence.rows("assessment", _COMPLETED)
        if row.level >= OFFERED_FROM
    }
    for promise in evidence.diary.promised("response"):
        facts = promise.facts
        if expected_of(facts["instrument"], facts["answers"]).offered:
            told.add(promise.id)
    return told


def _each_closed_once(evidence: Evidence, finding: Finding) -> None:
    ends: dict[str, list[str]] = defaultdict(list)
    for row in evidence.rows("booking", _ENDED, types=list(_ENDS)):
        ends[row.subject].append(_ENDS[row.type])
    for row in evidence.rows("booking", "SELECT id, state FROM offers"):
        wanted = [] if row.state == "open" else [row.state]
        finding.expect(
            ends[str(row.id)] == wanted, f"offer {row.id} is {row.state}, told {ends[str(row.id)]}"
        )
