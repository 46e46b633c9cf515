"""Taking counsellors into the expert pool and changing their terms."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.booking.availability.domain import arranges
from services.booking.availability.layout import Layout, lay_out
from services.booking.availability.ports import AvailabilityWork
from services.booking.calendar import day_of
from services.booking.experts import publishing
from services.booking.experts.domain import Counsellor, unknown_sites
from services.booking.sites.domain import administers
from services.booking.staff import Staff, holding
from services.chassis.access import Principal, Role
from services.chassis.clock import Clock

ACTION = "counsellor.write"


@dataclass(frozen=True, kw_only=True)
class RegisterCounsellor:
    """Take a counsellor into the pool."""

    counsellor: Counsellor
    by: Principal


@dataclass(frozen=True, kw_only=True)
class ChangeCounsellor:
    """Change some of a counsellor's terms."""

    counsellor: UUID
    by: Principal
    changes: dict[str, Any] = field(default_factory=dict)


def register_counsellor(
    command: RegisterCounsellor, *, uow: AvailabilityWork, staff: Staff
) -> Counsellor:
    """Raises OutsideYourUnit, NotSuchStaff, UnknownSite and CounsellorAlreadyRegistered."""
    counsellor = command.counsellor
    administers(command.by, counsellor.unit, action=ACTION)
    member = holding(staff.member(counsellor.id), {Role.COUNSELLOR}, field="person")
    # Nobody takes another district's counsellor by naming a unit of their own.
    administers(command.by, member.unit, action=ACTION)
    with uow:
        _check_sites(counsellor.sites, counsellor.sites, command.by, uow)
        uow.counsellors.add(counsellor)
        uow.publish(publishing.registered(counsellor), unit=counsellor.unit)
        uow.commit()
    return counsellor


def change_counsellor(
    command: ChangeCounsellor, *, uow: AvailabilityWork, clock: Clock, layout: Layout
) -> Counsellor:
    """New terms hold for slots and days to come; raises CounsellorNotFound,
    UnknownSite and OutsideYourUnit.
    """
    now = clock.now()
    with uow:
        counsellor = uow.counsellors.get(command.counsellor)
        arranges(command.by, counsellor, ACTION)
        before = set(counsellor.sites)
        counsellor.change(command.changes)
        new = [site for site in counsellor.sites if site not in before]
        _check_sites(counsellor.sites, new, command.by, uow)
        uow.counsellors.save(counsellor)
        uow.slots.change_limit(counsellor.id, day_of(now), counsellor.daily_limit)
        lay_out(counsellor, layout, uow=uow, now=now)
        uow.commit()
    return counsellor


def _check_sites(
    sites: Sequence[UUID], new: Sequence[UUID], by: Principal, uow: AvailabilityWork
) -> None:
    """All must be open; the rooms of new ones are occupied, so the caller must administer them."""
    units = uow.sites.units(sites)
    unknown_sites(sites, set(sites) - units.keys())
    for site in new:
        administers(by, units[site], action=ACTION)
