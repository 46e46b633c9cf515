"""The case as officers meet it: what they do, what that makes due next, and every «no»."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.booking.cases.clock import CaseClock
from services.booking.cases.errors import (
    AttemptsMissing,
    CaseAlreadyAcknowledged,
    CloseNotRequested,
    NoDrill,
    NotContactedYet,
    NotPlannedYet,
    SecondPersonNeeded,
    SignalNotAnswered,
)
from services.booking.cases.events import Acknowledged, Contacted, FollowedUp, Planned, Referred
from services.booking.cases.limits import next_follow_up
from services.booking.cases.policy import CrisisPolicy
from services.booking.cases.record import UNTAKEN
from services.booking.cases.steps import (
    CloseReason,
    ContactChannel,
    Due,
    Fact,
    Level,
    Reaction,
    ReferralKind,
    State,
)


@dataclass(slots=True, kw_only=True)
class Case(CaseClock):
    """One person's case. Whoever acts on a case that waits for an officer has taken it."""

    def acknowledge(self, by: UUID, now: datetime, policy: CrisisPolicy) -> None:
        """Take the case; twice by the same officer is once."""
        self._check_open()
        if self._waits():
            self._take(by, now, policy)
        elif self.acknowledged_by != by:
            raise CaseAlreadyAcknowledged

    def record_contact(
        self,
        by: UUID,
        channel: ContactChannel,
        *,
        reached: bool,
        level: Level | None,
        note: bytes | None,
        now: datetime,
        policy: CrisisPolicy,
    ) -> None:
        """An attempt to speak with the person; it acknowledges the case by the way."""
        self._act(by, now, policy)
        given_up = self._attempts_made(policy)
        self.attempts += 1
        self.channels = tuple(sorted({*self.channels, channel}))
        self._assess(level)
        outcome = "reached" if reached else "not-reached"
        self._mark("contact", now, by, {"channel": channel, "outcome": outcome}, note, level)
        self.happened.append(Contacted(by, reached, self._seconds_open(now)))
        if reached:
            self._person_reached(now, policy)
        elif self.contacted_at is None:
            self._person_not_reached(now, policy, given_up=given_up)

    def record_plan(
        self,
        by: UUID,
        responsible: UUID,
        *,
        level: Level | None,
        note: bytes | None,
        now: datetime,
        policy: CrisisPolicy,
    ) -> None:
        """A safety plan with a named person who answers for it; a later one replaces it."""
        self._act(by, now, policy)
        if self.contacted_at is None:
            raise NotContactedYet
        self._assess(level)
        self.responsible = responsible
        self._mark("plan", now, by, {"responsible": str(responsible)}, note, level)
        self.happened.append(Planned(responsible))
        if self.planned_at is None:
            self.planned_at = now
            self.state = State.PLANNED
            self._expect(Due.FOLLOW_UP, next_follow_up(policy.follow_up, now, self.follow_ups, now))

    def record_follow_up(
        self, by: UUID, *, reached: bool, note: bytes | None, now: datetime, policy: CrisisPolicy
    ) -> None:
        """A follow-up, or an attempt at one."""
        self._act(by, now, policy)
        if self.contacted_at is None:
            raise NotContactedYet
        if self.crisis and self.planned_at is None:
            raise NotPlannedYet
        outcome = "reached" if reached else "not-reached"
        self._mark("follow-up", now, by, {"outcome": outcome}, note)
        if not reached:
            self.happened.append(Contacted(by, False, self._seconds_open(now)))
            self.step_due_at = now + timedelta(hours=policy.follow_up.again_hours)
            return
        self.reached_at = now
        self.happened.append(FollowedUp(by))
        if not self._too_early(now, policy):
            self.follow_ups += 1
            self.state = State.FOLLOWING_UP
            if self.due is not Due.REFER:
                self._expect(Due.FOLLOW_UP, self._next_follow_up(now, policy))

    def refer(
        self,
        by: UUID,
        kind: ReferralKind,
        reaction: Reaction,
        *,
        wording: str,
        note: bytes | None,
        now: datetime,
        policy: CrisisPolicy,
    ) -> None:
        """The advice to see a medical institution: when, in which wording, and the reaction."""
        self._act(by, now, policy)
        self.referred_at = now
        facts: dict[str, Fact] = {"kind": kind, "reaction": reaction, "wording": wording}
        self._mark("referral", now, by, facts, note)
        self.happened.append(Referred())
        if self.due is Due.REFER:
            self._expect(Due.FOLLOW_UP, self._next_follow_up(now, policy))

    def hand_over(
        self, by: UUID, to: UUID, *, note: bytes | None, now: datetime, policy: CrisisPolicy
    ) -> None:
        """Another officer answers for it from now on; the clock goes on."""
        self._act(by, now, policy)
        self.acknowledged_by = to
        self.responsible = to if self.responsible else None
        self._mark("handed-over", now, by, {"to": str(to)}, note)

    def request_close(
        self,
        by: UUID,
        reason: CloseReason,
        *,
        note: bytes | None,
        now: datetime,
        policy: CrisisPolicy,
    ) -> None:
        """Say that it is over; somebody else has to agree."""
        self._act(by, now, policy)
        self._check_reason(reason, policy)
        self.close_reason = reason
        self.close_requested_by = by
        self.close_by = now + timedelta(hours=policy.closing.confirm_hours)
        self._mark("close-requested", now, by, {"reason": reason}, note)

    def confirm_close(self, by: UUID, *, note: bytes | None, now: datetime) -> None:
        """The second person agrees."""
        self._check_close_requested()
        if by == self.close_requested_by:
            raise SecondPersonNeeded
        self._check_signals_answered()
        self._close(by, now, {"reason": str(self.close_reason)}, note)

    def refuse_close(self, by: UUID, *, note: bytes | None, now: datetime) -> None:
        """It is not over: the clock goes on as before."""
        self._check_close_requested()
        self._forget_close_request()
        self._mark("close-refused", now, by, note=note)

    def join(self, into: UUID, now: datetime) -> None:
        """Another case of the same person takes over; nothing of this one is lost."""
        self.joined_to = into
        self.close_reason = CloseReason.JOINED
        self._close(None, now, {"reason": str(CloseReason.JOINED), "case": str(into)}, None)

    def _act(self, by: UUID, now: datetime, policy: CrisisPolicy) -> None:
        """Whoever does something for a case that waits has taken it."""
        self._check_open()
        if self._waits():
            self._take(by, now, policy)

    def _take(self, by: UUID, now: datetime, policy: CrisisPolicy) -> None:
        seconds = int((now - (self.waiting_since or self.opened_at)).total_seconds())
        if self.state in UNTAKEN:
            self.state = State.ACKNOWLEDGED
        self.acknowledged_at, self.acknowledged_by = now, by
        if self.due is Due.ACKNOWLEDGE:
            self._stop_paging(now, policy)
        self._mark("acknowledged", now, by)
        self.happened.append(Acknowledged(by, seconds))

    def _person_reached(self, now: datetime, policy: CrisisPolicy) -> None:
        self.reached_at = now
        if self.contacted_at is not None:
            return
        self.contacted_at = now
        self.state = State.CONTACTED
        if self.crisis:
            self._expect(Due.PLAN, now + timedelta(hours=policy.plan.hours))
        elif self.referred_at is None and self.refer_by is not None:
            least = now + timedelta(hours=policy.care.least_hours)
            self._expect(Due.REFER, max(self.refer_by, least))
        else:
            self._expect(Due.FOLLOW_UP, self._next_follow_up(now, policy))

    def _person_not_reached(self, now: datetime, policy: CrisisPolicy, *, given_up: bool) -> None:
        again = timedelta(minutes=policy.contact.again_minutes)
        if self._attempts_made(policy):
            again = timedelta(minutes=policy.late.taken_minutes)
        if not self.crisis:
            again = timedelta(hours=policy.late.remind_hours)
        self._expect(Due.CONTACT, now + again)
        if self.crisis and self._attempts_made(policy) and not given_up:
            self._call_next_tier(now, policy)

    def _next_follow_up(self, now: datetime, policy: CrisisPolicy) -> datetime:
        if self.planned_at is not None:
            return next_follow_up(policy.follow_up, self.planned_at, self.follow_ups, now)
        return now + timedelta(days=policy.care.level(self.care_level or 0).follow_up_days)

    def _too_early(self, now: datetime, policy: CrisisPolicy) -> bool:
        """A talk on the day of the plan is no follow-up of it yet."""
        if self.planned_at is None or self.follow_ups:
            return False
        return now < self.planned_at + timedelta(hours=policy.follow_up.first_from_hours)

    def _assess(self, level: Level | None) -> None:
        if level is not None:
            self.level = level
            self.acute = level is Level.IMMINENT

    def _check_close_requested(self) -> None:
        self._check_open()
        if self.close_requested_by is None:
            raise CloseNotRequested

    def _check_signals_answered(self) -> None:
        # A drill has no person to speak with, and who is not reachable was tried since the signal.
        if self.close_reason in {CloseReason.DRILL_FINISHED, CloseReason.NOT_REACHABLE}:
            return
        if self.signalled_at is None:
            return
        if self.reached_at is None or self.reached_at < self.signalled_at:
            raise SignalNotAnswered

    def _check_reason(self, reason: CloseReason, policy: CrisisPolicy) -> None:
        if reason is CloseReason.DRILL_FINISHED:
            if not self.drill:
                raise NoDrill
        elif reason is CloseReason.NOT_REACHABLE:
            nobody_to_call = self.person is None and not self.callback
            if not (nobody_to_call or self._attempts_made(policy)):
                raise AttemptsMissing
        elif self.contacted_at is None:
            raise NotContactedYet
