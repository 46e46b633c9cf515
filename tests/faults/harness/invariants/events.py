"""Every event in the inbox of every reader, once; nothing left over on either side."""

from collections.abc import Iterable

from services.apphost import KEEPERS
from services.contracts.catalogue import EVENTS
from services.contracts.subscriptions import SUBSCRIPTIONS, Subscription
from tests.faults.harness.invariants.evidence import Evidence, Finding, invariant

EVERY_EVENT_ONCE = "every event is in every inbox once"
NOTHING_PARKED = "nothing is parked but what was planted"
GAPLESS = "the events of each subject are numbered without a gap"
LEDGER = "the ledger has every event once"
AS_DOCUMENTED = "every message on the broker is what its schema says"
SHOWN = 5
_SENT = "SELECT id FROM outbox WHERE type = ANY(:types)"
_UNSENT = "SELECT id FROM outbox WHERE sent_at IS NULL"
_HANDLED = "SELECT event_id, state FROM inbox WHERE queue = :queue"
_WAITING = "SELECT queue, event_id, state, error FROM inbox WHERE state <> 'done'"
_LEDGER = "SELECT event_id FROM ledger"
# Told past assessment's own database, which was away: such an event is in no outbox.
ALARMED = "booking.risk-flagged"


@invariant(EVERY_EVENT_ONCE)
def every_event_once(evidence: Evidence, finding: Finding) -> None:
    """What the senders' outboxes hold, by subscription, is what the readers' inboxes hold."""
    for name in KEEPERS:
        _say("unsent in", name, evidence.column(name, _UNSENT), finding)
    for subscription in SUBSCRIPTIONS:
        sent = _sent(evidence, subscription)
        rows = evidence.rows(subscription.reader, _HANDLED, queue=subscription.queue)
        handled = {str(row.event_id) for row in rows if row.state == "done"}
        finding.look(len(sent))
        _say("missing in", subscription.queue, sent - handled, finding)
        if subscription.queue != ALARMED:
            _say("from nowhere in", subscription.queue, handled - sent, finding)


@invariant(LEDGER)
def ledger_complete(evidence: Evidence, finding: Finding) -> None:
    """Reporting has written down each, and not only noted that it saw it."""
    (ledger,) = (each for each in SUBSCRIPTIONS if each.queue == "reporting.ledger")
    sent, written = _sent(evidence, ledger), evidence.column("reporting", _LEDGER)
    finding.look(len(sent))
    _say("missing in", "the ledger", sent - set(written), finding)
    _say("from nowhere in", "the ledger", set(written) - sent, finding)
    finding.expect(len(set(written)) == len(written), "an event is twice in the ledger")


@invariant(NOTHING_PARKED)
def nothing_parked(evidence: Evidence, finding: Finding) -> None:
    """Neither in an inbox nor among the dead letters."""
    for name in KEEPERS:
        for row in evidence.rows(name, _WAITING):
            finding.expect(False, f"{row.queue}: {row.event_id} is {row.state} ({row.error})")
    for queue, body in evidence.dead_letters:
        planted = (not body or body.startswith(b"planted")) and evidence.planted.get(queue, 0) > 0
        finding.expect(planted, f"{queue} has a dead letter that nobody planted")
    finding.look(len(evidence.planted) + 1)


@invariant(GAPLESS)
def numbered_without_gap(evidence: Evidence, finding: Finding) -> None:
    """Each subject's events have the numbers 1, 2, 3 …"""
    for name in KEEPERS:
        numbers: dict[tuple[str, str], list[int]] = {}
        for row in evidence.rows(name, "SELECT type, subject, sequence FROM outbox"):
            whose = (EVENTS[row.type].subject, row.subject)
            numbers.setdefault(whose, []).append(row.sequence)
        finding.look(len(numbers))
        for (_, subject), found in numbers.items():
            if sorted(found) != list(range(1, len(found) + 1)):
                finding.say(f"{name}: {subject} has the numbers {sorted(found)[:SHOWN]} …")


@invariant(AS_DOCUMENTED)
def as_documented(evidence: Evidence, finding: Finding) -> None:
    """As far as a tap on every exchange heard them while the broker was there."""
    finding.look(sum(evidence.crossed.values()))
    for fault in dict.fromkeys(evidence.unlike):
        finding.say(fault)


def _sent(evidence: Evidence, subscription: Subscription) -> set[str]:
    found: set[str] = set()
    senders = {kind.split(".", 1)[0] for kind in subscription.types}
    for sender in senders & evidence.connections.keys():
        found |= set(evidence.column(sender, _SENT, types=list(subscription.types)))
    return found


def _say(what: str, where: str, ids: Iterable[str], finding: Finding) -> None:
    found = sorted(ids)
    if found:
        finding.say(f"{len(found)} {what} {where}: {', '.join(found[:SHOWN])}")
