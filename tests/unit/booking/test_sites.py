"""Sites and rooms, within the administrator's subtree."""

from uuid import uuid4

import pytest

from services.booking.sites.domain import OutsideYourUnit, RoomKind, SiteLevel, SiteNotFound
from services.booking.sites.usecases import (
    AddRoom,
    ChangeRoom,
    ChangeSite,
    OpenSite,
    add_room,
    change_room,
    change_site,
    open_site,
)
from services.chassis.access import Role
from services.chassis.clock import FixedClock
from services.contracts.booking import SiteOpenedV1
from tests.unit.booking.builders import NOW, an_admin
from tests.unit.booking.fakes import FakeWork

CLOCK = FixedClock(NOW)


@pytest.fixture
def uow():
    return FakeWork()


def opened(uow, by=None, unit="wh/hc"):
    command = OpenSite(
        site=uuid4(), by=by or an_admin(), name="站", level=SiteLevel.STATION, unit=unit
    )
    return open_site(command, uow=uow, clock=CLOCK)


def test_a_site_that_opens_is_told_to_the_world(uow):
    site = opened(uow)

    assert uow.published == [SiteOpenedV1(site=site.id, level="station", name="站")]
    assert (site.opened_at, site.active) == (NOW, True)


def test_a_district_admin_opens_sites_in_the_own_subtree_only(uow):
    opened(uow, unit="wh/hc/e1")

    with pytest.raises(OutsideYourUnit):
        opened(uow, unit="wh/gq")
    opened(uow, by=an_admin("wh", Role.CITY_ADMIN), unit="wh/gq")


def test_a_site_that_changes_has_its_slots_laid_out_again(uow):
    site = opened(uow)

    change_site(ChangeSite(site=site.id, by=an_admin(), changes={"active": False}), uow=uow)

    assert not site.active
    assert uow.counsellors.again == [site.id]


def test_only_open_counselling_rooms_hold_sessions(uow):
    site = opened(uow)
    command = AddRoom(
        room=uuid4(), site=site.id, by=an_admin(), name="1", kind=RoomKind.COUNSELLING
    )
    room = add_room(command, uow=uow)

    assert room.holds_sessions
    change = ChangeRoom(room=room.id, site=site.id, by=an_admin(), changes={"kind": RoomKind.MUSIC})
    assert not change_room(change, uow=uow).holds_sessions
    assert uow.counsellors.again == [site.id, site.id]


def test_a_room_needs_a_site(uow):
    command = AddRoom(room=uuid4(), site=uuid4(), by=an_admin(), name="1", kind=RoomKind.MUSIC)

    with pytest.raises(SiteNotFound):
        add_room(command, uow=uow)
