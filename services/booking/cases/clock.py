"""The clock of a case: it starts with a signal, and every limit that passes has a consequence."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.booking.cases.events import Escalated, Opened, Overdue
from services.booking.cases.limits import care_contact_due, care_referral_due
from services.booking.cases.policy import CrisisPolicy
from services.booking.cases.record import CaseRecord
from services.booking.cases.steps import Due, Fact, Signal, State
from services.contracts.assessment import FlagSource

OVERDUE = {
    Due.CONTACT: "not-contacted",
    Due.PLAN: "not-planned",
    Due.REFER: "not-referred",
    Due.FOLLOW_UP: "not-followed-up",
}
NOT_REACHED = "not-reached"
NEW_SIGNAL = "new-signal"
FRESH = frozenset({"opened", "re-opened"})


@dataclass(slots=True, kw_only=True)
class CaseClock(CaseRecord):
    """Signals start it; time that passes escalates a crisis and reminds of a care case."""

    def begin_crisis(self, signal: Signal, now: datetime, policy: CrisisPolicy) -> None:
        """The first opening: page at once."""
        self.policy = policy.label
        self._mark("opened", now, facts={"policy": policy.label})
        self._note_signal(signal, now, policy)
        self._start(now, policy, "opened")
        self.happened.append(Opened(reopened=False))

    def begin_care(self, level: int, now: datetime, policy: CrisisPolicy) -> None:
        """A case that is no crisis: nobody is paged, the queue shows it with its limits."""
        self.care_level, self.policy = level, policy.label
        self.due = Due.CONTACT
        self.contact_by = self.step_due_at = care_contact_due(policy.care, level, now)
        self.refer_by = care_referral_due(policy.care, level, now)
        self._mark("opened", now, facts={"policy": policy.label, "care_level": level})
        self.happened.append(Opened(reopened=False))

    def take_signal(self, signal: Signal, now: datetime, policy: CrisisPolicy) -> None:
        """A new sign of danger: restarts the clock of a case that was thought to be in hand, and
        pages again unless officers are on their way to the person for the same reason.

        A drill never touches a real case; a real sign makes a drill real.
        """
        if signal.drill and not self.drill:
            return
        became_real = self.drill and not signal.drill
        self.drill = signal.drill
        alarms = self._alarms(signal, now, policy)
        self._forget_close_request()
        self._note_signal(signal, now, policy)
        begins = not self.is_open or not self.crisis or became_real
        if begins or self._was_in_hand(now, policy):
            self._reopen(signal, now, policy)
        elif alarms:
            self._page_for_signal(now, policy)

    def take_response(self, level: int, now: datetime, policy: CrisisPolicy) -> None:
        """Another response of a person whose case is open; it can only make things more urgent."""
        self._mark("response", now, facts={"care_level": level})
        if self.crisis or level <= (self.care_level or 0):
            return
        self.care_level = level
        if self.contacted_at is None and self.contact_by is not None and self.step_due_at:
            self.contact_by = min(self.contact_by, care_contact_due(policy.care, level, now))
            self.step_due_at = min(self.step_due_at, self.contact_by)

    def miss(self, now: datetime, policy: CrisisPolicy) -> None:
        """Something was due and did not happen; does nothing where nothing is late."""
        if self.is_open and self.close_by is not None and self.close_by <= now:
            self._forget_close_request()
            self._overdue("close-not-confirmed", now, paged=False)
        if self.step_due_at is None or self.step_due_at > now:
            return
        self.late_since = self.late_since or self.step_due_at
        if self.due is Due.ACKNOWLEDGE:
            self._not_acknowledged(now, policy)
        elif self.crisis:
            self._page_again(OVERDUE[self.due], now, policy)
        else:
            self.step_due_at = now + timedelta(hours=policy.late.remind_hours)
            self._overdue(OVERDUE[self.due], now, paged=False)

    def page_unconfirmed(self, now: datetime) -> None:
        """No page has left in time: page again, with the roster as it is now."""
        if self.is_paging:
            self.page_sent_at = None
            self._overdue("page-unconfirmed", now, paged=True)

    def page_confirmed(self, now: datetime) -> bool:
        """A page of this round has left; whether it is the first one since a signal."""
        if self.paging_since is None or self.page_sent_at is not None:
            return False
        self.page_sent_at = now
        self._mark("page-sent", now)
        return self.signalled_at is not None and self.signalled_at >= self.paging_since

    def _start(self, now: datetime, policy: CrisisPolicy, reason: str) -> None:
        self.state = State.OPENED
        self.contact_by = now + policy.contact.within(acute=self.acute)
        self.resume = Due.CONTACT
        self._page(now, policy, reason)

    def _reopen(self, signal: Signal, now: datetime, policy: CrisisPolicy) -> None:
        self.crisis, self.source, self.policy = True, signal.source, policy.label
        self.acute = signal.acute
        self.opened_at = now
        self.acknowledged_at = self.acknowledged_by = None
        self.contacted_at = self.planned_at = self.late_since = None
        self.attempts, self.channels, self.follow_ups = 0, (), 0
        self.closed_at = self.closed_by = self.joined_to = None
        self._mark("re-opened", now, facts={"policy": policy.label})
        self._start(now, policy, "re-opened")
        self.happened.append(Opened(reopened=True))

    def _page(self, now: datetime, policy: CrisisPolicy, reason: str) -> None:
        self.due = Due.ACKNOWLEDGE
        self.paging_since = self.waiting_since = now
        self.page_sent_at = None
        self.page_reason = reason
        self.escalations = 0
        self.round += 1
        self.acknowledge_by = self.step_due_at = now + policy.paging.marks()[1]

    def _call_next_tier(self, now: datetime, policy: CrisisPolicy) -> None:
        """The officer reaches nobody: whoever comes next in the chain decides what to do."""
        self.resume = self.due
        self._page(now, policy, NOT_REACHED)
        self.escalations = 1
        self._escalate(NOT_REACHED, now)

    def _page_for_signal(self, now: datetime, policy: CrisisPolicy) -> None:
        # Earlier attempts say nothing of a person who has called since.
        self.attempts, self.channels = 0, ()
        if self.is_paging:  # the round goes on: repeated signals never put off the next tier
            self.page_sent_at = None
            self._overdue(NEW_SIGNAL, now, paged=True)
        else:
            self._page_again(NEW_SIGNAL, now, policy)

    def _page_again(self, reason: str, now: datetime, policy: CrisisPolicy) -> None:
        self.resume = self.due
        self.acknowledged_at = self.acknowledged_by = None
        if self.contacted_at is None:
            self.state = State.ESCALATED
        self._page(now, policy, reason)
        self._overdue(reason, now, paged=True)

    def _not_acknowledged(self, now: datetime, policy: CrisisPolicy) -> None:
        since, marks = self.paging_since or now, policy.paging.marks()[1:]
        self.escalations += 1
        if self.state is State.OPENED:
            self.state = State.ESCALATED
        if self.escalations <= len(marks):
            later = [*marks, marks[-1] + marks[0]][self.escalations]
            self.step_due_at = since + later
            self._escalate("not-acknowledged", now)
        else:
            self._next_round(now, policy)

    def _next_round(self, now: datetime, policy: CrisisPolicy) -> None:
        waiting = self.waiting_since
        self._page(now, policy, self.page_reason or "opened")
        self.waiting_since = waiting
        self._overdue("not-acknowledged", now, paged=True)

    def _escalate(self, reason: str, now: datetime) -> None:
        tier = self.escalations + 1
        self._mark("escalated", now, facts={"tier": tier, "reason": reason})
        self.happened.append(Escalated(tier, reason))

    def _overdue(self, reason: str, now: datetime, *, paged: bool) -> None:
        self._mark("overdue", now, facts={"reason": reason, "paged": paged})
        self.happened.append(Overdue(reason, paged))

    def _was_in_hand(self, now: datetime, policy: CrisisPolicy) -> bool:
        quiet = timedelta(minutes=policy.contact.signal_quiet_minutes)
        return (
            self.contacted_at is not None
            and self.reached_at is not None
            and now - self.reached_at >= quiet
        )

    def _alarms(self, signal: Signal, now: datetime, policy: CrisisPolicy) -> bool:
        """Whether the officers have to hear of a signal that joins an open case."""
        if signal.acute or signal.source is FlagSource.HELP_REQUEST:
            return True
        if self.close_requested_by or self.attempts or self.contacted_at:
            return True
        if self.is_paging:
            return self.escalations > 0 or self.round > 1
        quiet = timedelta(minutes=policy.contact.signal_quiet_minutes)
        return self.acknowledged_at is not None and now - self.acknowledged_at >= quiet

    def _note_signal(self, signal: Signal, now: datetime, policy: CrisisPolicy) -> None:
        facts: dict[str, Fact] = {"source": signal.source, "rule": signal.rule}
        facts |= {"acute": True} if signal.acute else {}
        self._mark("signal", signal.at, signal.by, facts, signal.note)
        self.signalled_at = now
        self.callback = self.callback or signal.callback
        if signal.acute and not self.acute:
            self._sharpen(now, policy)

    def _sharpen(self, now: datetime, policy: CrisisPolicy) -> None:
        self.acute = True
        if self.contacted_at is not None or self.contact_by is None:
            return
        self.contact_by = min(self.contact_by, now + policy.contact.within(acute=True))

    def _stop_paging(self, now: datetime, policy: CrisisPolicy) -> None:
        if self.page_reason in FRESH:
            self.late_since = None
        self.due, self.resume = self.resume or Due.CONTACT, None
        self.step_due_at = self._limit_once_taken(now, policy)
        self.paging_since = self.waiting_since = self.page_sent_at = self.page_reason = None
        self.escalations = 0

    def _limit_once_taken(self, now: datetime, policy: CrisisPolicy) -> datetime:
        if self.due is not Due.CONTACT:
            return now + timedelta(minutes=policy.late.taken_minutes)
        if self.contact_by is not None and self.contact_by > now:
            return self.contact_by
        return now + policy.contact.within(acute=True)
