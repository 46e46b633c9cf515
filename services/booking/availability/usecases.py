"""Changing when a counsellor works; the slots follow in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.booking.availability.domain import (
    DayException,
    WeeklyHours,
    arranges,
    check_exception,
    check_hours,
    check_rooms,
)
from services.booking.availability.layout import Layout, lay_out
from services.booking.availability.ports import AvailabilityWork
from services.booking.calendar import day_of, days_from
from services.booking.experts.domain import Counsellor
from services.chassis.access import Principal
from services.chassis.clock import Clock

ACTION = "availability.write"


@dataclass(frozen=True, kw_only=True)
class SetHours:
    """Replace the hours of a counsellor's week."""

    counsellor: UUID
    by: Principal
    hours: Sequence[WeeklyHours]


@dataclass(frozen=True, kw_only=True)
class AddException:
    """Let some days differ from the week."""

    exception: DayException
    by: Principal


@dataclass(frozen=True, kw_only=True)
class RemoveException:
    """Let those days follow the week again."""

    counsellor: UUID
    exception: UUID
    by: Principal


def set_hours(
    command: SetHours, *, uow: AvailabilityWork, clock: Clock, layout: Layout
) -> list[WeeklyHours]:
    """Raises CounsellorNotFound and HoursRefused."""
    with uow:
        counsellor = _arranged(command.counsellor, command.by, uow)
        check_hours(command.hours, counsellor, layout.pattern)
        check_rooms(command.hours, uow.sites.rooms_of(counsellor.sites), "items.{place}.room")
        uow.availability.replace_hours(counsellor.id, command.hours)
        lay_out(counsellor, layout, uow=uow, now=clock.now())
        uow.commit()
    return list(command.hours)


def add_exception(
    command: AddException, *, uow: AvailabilityWork, clock: Clock, layout: Layout
) -> DayException:
    """Raises CounsellorNotFound and HoursRefused."""
    with uow:
        counsellor = _arranged(command.exception.counsellor, command.by, uow)
        check_exception(command.exception, counsellor)
        check_rooms([command.exception], uow.sites.rooms_of(counsellor.sites), "room")
        uow.availability.add_exception(command.exception)
        lay_out(counsellor, layout, uow=uow, now=clock.now())
        uow.commit()
    return command.exception


def remove_exception(
    command: RemoveException, *, uow: AvailabilityWork, clock: Clock, layout: Layout
) -> None:
    """Raises CounsellorNotFound and ExceptionNotFound."""
    with uow:
        counsellor = _arranged(command.counsellor, command.by, uow)
        uow.availability.remove_exception(counsellor.id, command.exception)
        lay_out(counsellor, layout, uow=uow, now=clock.now())
        uow.commit()


def extend_horizon(*, uow: AvailabilityWork, clock: Clock, layout: Layout) -> int:
    """Lay out one transaction's worth of slots that have come within reach; how many were due."""
    now = clock.now()
    with uow:
        last = days_from(day_of(now), layout.horizon_days)[-1]
        due = uow.counsellors.due_for_planning(last)
        for counsellor in due:
            lay_out(uow.counsellors.get(counsellor), layout, uow=uow, now=now)
        uow.commit()
    return len(due)


def _arranged(counsellor: UUID, by: Principal, uow: AvailabilityWork) -> Counsellor:
    found = uow.counsellors.get(counsellor)
    arranges(by, found, ACTION)
    return found
