"""Dates the protocol sets: when contact, follow-ups and care are due, as the policy says."""

from datetime import date, datetime, timedelta

from services.booking.calendar import day_of, end_of_day
from services.booking.cases.policy import Care, FollowUp

SATURDAY = 5


def follow_up_due(policy: FollowUp, planned_at: datetime, done: int) -> datetime:
    """By when the next follow-up takes place after `done` of them, counted from the plan.

    The first within 72 h, one at 7 days, then weekly, then every two weeks (by the defaults).
    """
    if done == 0:
        return planned_at + timedelta(hours=policy.first_by_hours)
    weeks = min(done - 1, policy.weekly)
    later = max(0, done - 1 - policy.weekly) * policy.then_every_days
    return planned_at + timedelta(days=policy.second_by_days + weeks * 7 + later)


def next_follow_up(policy: FollowUp, planned_at: datetime, done: int, now: datetime) -> datetime:
    """As `follow_up_due`, and at least a day from now when earlier ones took place late."""
    return max(follow_up_due(policy, planned_at, done), now + timedelta(hours=24))


def care_contact_due(policy: Care, level: int, now: datetime) -> datetime:
    """The end of the city's day by which somebody speaks with the person; weekends may not count.

    Public holidays are not known here: a case is due on them rather than forgotten.
    """
    limits = policy.level(level)
    day = end_of_day(now)
    for _ in range(limits.contact_days):
        day = end_of_day(day)
        while limits.working_days and _weekend(day_of(day - timedelta(seconds=1))):
            day = end_of_day(day)
    return max(day, now + timedelta(hours=policy.least_hours))


def care_referral_due(policy: Care, level: int, now: datetime) -> datetime:
    """By when the advice to see a medical institution is given."""
    day = end_of_day(now + timedelta(days=policy.level(level).referral_days))
    return max(day, now + timedelta(hours=policy.least_hours))


def _weekend(day: date) -> bool:
    return day.weekday() >= SATURDAY
