"""What a route has to declare before a service can be imported at all."""

import pytest

from services.chassis.doors import NEIGHBOURS
from services.chassis.http import INTERNAL, http


def test_an_internal_route_without_its_callers_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="names its callers"):
        http("GET", "/internal/v1/secrets", action=INTERNAL)(lambda _self, _request: None)


def test_a_route_for_people_has_no_service_as_caller() -> None:
    with pytest.raises(ValueError, match="names its callers"):
        http("GET", "/things", action="me.read", callers=("portal",))(lambda _self, _request: None)


def test_a_route_has_an_action_or_a_door_and_not_both() -> None:
    with pytest.raises(ValueError, match="an action or a door"):
        http("GET", "/things", action="me.read", door=NEIGHBOURS)(lambda _self, _request: None)


def test_an_action_nobody_decided_on_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match=r"no action .* in the access table"):
        http("GET", "/things", action="thing.read")(lambda _self, _request: None)
