"""No crisis is lost: it becomes a case with a due time, and an officer is paged."""

from tests.faults.harness.invariants.evidence import Evidence, Finding, invariant

DUE_TIME = "every open case has a due time and a timer"
NO_CRISIS_LOST = "every crisis became a case, and somebody was paged or took it at once"
PAGED_WITHOUT_BROKER = "without the broker a crisis pages the officer on duty in time, once"
WITHIN = 10.0
_OPEN = "SELECT id, next_due_at FROM cases WHERE state <> 'closed'"
_TIMERS = "SELECT key FROM timers WHERE kind = 'case-due'"
_CASES = "SELECT id FROM cases WHERE crisis"
# An officer who sees the case in the queue before the page is out has made the page needless.
_TAKEN = """
    SELECT case_id FROM case_steps GROUP BY case_id
    HAVING min(at) FILTER (WHERE kind IN ('acknowledged', 'contact'))
        < min(at) + interval '1 minute'
"""
_PAGED = "SELECT DISTINCT about_case FROM messages WHERE urgent AND about_case IS NOT NULL"
_PAGES = """
    SELECT coalesce(c.message, d.message) AS mail, m.person
    FROM messages m
    JOIN deliveries d ON d.message = m.id AND d.channel = 'email'
    LEFT JOIN deliveries c ON c.id = d.carried_by
    WHERE m.about_case = CAST(:case AS uuid)
"""
_ON_DUTY = """
    SELECT officer FROM shifts WHERE tier = 1 AND starts_at <= to_timestamp(:at)
    AND ends_at > to_timestamp(:at)
"""
# Longer than a watch takes to page again for a message that nobody confirmed.
ONCE_FOR = 20.0


@invariant(DUE_TIME)
def due_time(evidence: Evidence, finding: Finding) -> None:
    """None can dangle."""
    timers = set(evidence.column("booking", _TIMERS))
    for row in evidence.rows("booking", _OPEN):
        finding.expect(row.next_due_at is not None, f"open case {row.id} has no due time")
        finding.expect(str(row.id) in timers, f"open case {row.id} has no timer")


@invariant(NO_CRISIS_LOST)
def no_crisis_lost(evidence: Evidence, finding: Finding) -> None:
    """Of every answer that named a case, be it a success or a refusal."""
    cases = set(evidence.column("booking", _CASES))
    paged = set(evidence.column("notification", _PAGED))
    taken = set(evidence.column("booking", _TAKEN))
    for case in sorted({alarm.case for alarm in evidence.alarms}):
        finding.expect(case in cases, f"case {case} was promised, and booking has none")
    for case in sorted(cases):
        finding.expect(case in paged | taken, f"nobody was paged for case {case}")


@invariant(PAGED_WITHOUT_BROKER)
def paged_without_broker(evidence: Evidence, finding: Finding) -> None:
    """Counted from the moment the answers were sent to the arrival of the mail."""
    arrived: dict[str, float] = {}
    for mail in sorted(evidence.mails, key=lambda mail: -mail.at):
        arrived[mail.message_id.strip("<>").partition("@")[0]] = mail.at
    for alarm in evidence.alarms:
        if alarm.broker == "up":
            continue
        officers = set(evidence.column("booking", _ON_DUTY, at=alarm.heard_at))
        times = [
            (arrived[str(row.mail)] - alarm.heard_at, str(row.person))
            for row in evidence.rows("notification", _PAGES, case=alarm.case)
            if str(row.mail) in arrived
        ]
        soon = sorted(each for each in times if each[0] <= ONCE_FOR)
        what = f"case {alarm.case}, broker {alarm.broker}"
        finding.expect(bool(soon), f"{what}: no page within {ONCE_FOR:.0f} s")
        if not soon:
            continue
        seconds, officer = soon[0]
        evidence.diary.note("paged", case=alarm.case, broker=alarm.broker, seconds=seconds)
        finding.expect(seconds <= WITHIN, f"{what}: paged after {seconds:.1f} s")
        finding.expect(officer in officers, f"{what}: paged {officer}, who is not on duty")
        finding.expect(len(soon) == 1, f"{what}: paged {len(soon)} times in {ONCE_FOR:.0f} s")
