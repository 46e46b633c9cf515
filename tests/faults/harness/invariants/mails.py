"""Each mail once in effect: a copy only where a process died after the server had accepted it."""

from collections import defaultdict

from services.apphost import SERVICES
from tests.faults.harness.invariants.evidence import Evidence, Finding, Mail, invariant

ONCE = "each mail is sent once in effect"
ARRIVED = "every message that was sent arrived"
# Acceptance is recorded within milliseconds, or when the database is back.
UNTIL_RECORDED = 30.0
IN_HAND = 5
SENDER = "notification"
_SENT = """
    SELECT DISTINCT coalesce(c.message, d.message) AS message
    FROM deliveries d LEFT JOIN deliveries c ON c.id = d.carried_by
    WHERE d.channel = 'email' AND d.state IN ('sent', 'delivered')
"""
_UNSENT = "SELECT id FROM deliveries WHERE channel = 'email' AND state = 'queued'"

assert SENDER in SERVICES


@invariant(ONCE)
def once_in_effect(evidence: Evidence, finding: Finding) -> None:
    """Copies are counted: each needs a kill of its own sender, which can have had few in hand."""
    mails: dict[str, list[Mail]] = defaultdict(list)
    for mail in evidence.mails:
        mails[mail.message_id].append(mail)
    finding.look(len(mails))
    copies = 0
    for message_id, found in mails.items():
        found.sort(key=lambda mail: mail.at)
        for earlier in found[:-1]:
            copies += 1
            if not _died_after(evidence, earlier):
                finding.say(f"{message_id} was sent {len(found)} times, and nobody died between")
    evidence.diary.counts["copies of mails"] = copies
    kills = sum(each.target.startswith(SENDER) for each in evidence.kills)
    if copies > kills * IN_HAND:
        finding.say(f"{copies} copies of mails with {kills} kills of {SENDER}")


@invariant(ARRIVED)
def every_mail_arrived(evidence: Evidence, finding: Finding) -> None:
    """What the database says was sent is in the mailbox, and nothing is still waiting."""
    arrived = {mail.message_id.strip("<>").partition("@")[0] for mail in evidence.mails}
    for message in evidence.column(SENDER, _SENT):
        finding.expect(message in arrived, f"message {message} is called sent, and never arrived")
    for delivery in evidence.column(SENDER, _UNSENT):
        finding.say(f"delivery {delivery} still waits to be sent")


def _died_after(evidence: Evidence, mail: Mail) -> bool:
    return any(
        each.target.startswith(SENDER) and 0 <= each.at - mail.at <= UNTIL_RECORDED
        for each in evidence.kills
    )
