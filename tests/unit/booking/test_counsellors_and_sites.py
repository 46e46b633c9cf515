"""Counsellors, sites and rooms on the domain alone: who works where, and until when."""

from datetime import date
from uuid import uuid4

import pytest

from services.booking.experts.domain import UnknownSite, unknown_sites
from services.booking.sites.domain import OutsideYourUnit, Room, RoomKind, administers
from services.chassis.access import Principal, Role
from tests.unit.booking.builders import a_counsellor


def test_a_counsellor_works_up_to_the_last_day_of_the_credential():
    counsellor = a_counsellor(credential_expires_on=date(2025, 6, 2))

    assert counsellor.may_work_on(date(2025, 6, 2))
    assert not counsellor.may_work_on(date(2025, 6, 3))
    assert not a_counsellor(active=False).may_work_on(date(2025, 6, 2))


def test_a_counsellor_changes_in_what_is_named():
    counsellor = a_counsellor(daily_limit=6)

    counsellor.change({"daily_limit": 3, "active": False})

    assert (counsellor.daily_limit, counsellor.active, counsellor.unit) == (3, False, "wh/hc")


def test_sites_that_are_none_are_named_by_their_place():
    known, missing, other = uuid4(), uuid4(), uuid4()

    with pytest.raises(UnknownSite) as refusal:
        unknown_sites([known, missing, other], {missing, other})

    assert [(each.field, each.code) for each in refusal.value.errors] == [
        ("sites.1", "unknown-site"),
        ("sites.2", "unknown-site"),
    ]
    unknown_sites([known], {missing})


def test_sessions_are_held_in_open_counselling_rooms():
    def a_room(**said):
        return Room(id=uuid4(), site=uuid4(), name="1", **{"kind": RoomKind.COUNSELLING, **said})

    assert a_room().holds_sessions
    assert not a_room(active=False).holds_sessions
    assert not a_room(kind=RoomKind.MUSIC).holds_sessions
    assert a_room().equipment == []


def test_whoever_administers_does_so_within_the_own_subtree():
    def somebody(role, unit):
        return Principal(uuid4(), frozenset({role}), unit)

    administers(somebody(Role.CITY_ADMIN, "wh"), "anywhere")
    administers(somebody(Role.DISTRICT_ADMIN, "wh/hc"), "wh/hc/e1")
    for role, unit in ((Role.DISTRICT_ADMIN, "wh/h"), (Role.WORKER, "wh/h")):
        with pytest.raises(OutsideYourUnit, match="wh/hc/e1 does not belong to wh/h"):
            administers(somebody(role, unit), "wh/hc/e1")
    everybody = somebody(Role.DUTY, "wh/h")
    administers(everybody, "wh/hc", action="roster.plan")
