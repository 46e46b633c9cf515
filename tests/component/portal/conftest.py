"""The portal in this process, in front of pretended services."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.portal.service import PortalService
from tests.component.portal.browser import Browser
from tests.component.portal.city import City, a_city
from tests.support.apps import running
from tests.unit.portal import samples

TOKEN = "token-1"
NAMES = ("accounts", "assessment", "booking", "notification", "reporting")


@pytest.fixture(scope="module")
def place() -> Iterator[City]:
    """The address behind all services' names."""
    with a_city() as city:
        yield city


@pytest.fixture
def city(place: City) -> City:
    """Services that know one scale and one site, and have heard nothing yet."""
    place.answers.clear()
    place.asked.clear()
    place.down.clear()
    place.answer("GET /assessment/instruments", {"items": [samples.an_instrument()]})
    place.answer("GET /assessment/instruments/phq9", samples.an_instrument())
    place.answer("GET /assessment/responses", {"items": [], "next": None})
    place.answer("GET /notification/messages/unread", {"count": 0, "urgent": 0})
    place.answer("GET /booking/sites", {"items": [{"id": samples.SITE, "name": "市中心"}]})
    for path in ("offers", "appointments", "counsellors"):
        place.answer(f"GET /booking/{path}", {"items": [], "next": None})
    return place


@pytest.fixture(scope="module")
def portal(place: City) -> Iterator[str]:
    """The portal's address."""
    peers = ",".join(f"{name}={place.url}" for name in NAMES)
    hotlines = "市总工会心灵热线|0631-1234567|每天"
    with running(None, [PortalService], HUIXIN_PEERS=peers, PORTAL_HOTLINES=hotlines) as app:
        yield app.urls["portal"]


@pytest.fixture
def browser(portal: str, city: City) -> Browser:
    """Somebody who is not signed in."""
    return Browser(portal)


def a_session(*roles: str, seconds: int = 900, token: str = TOKEN) -> dict[str, Any]:
    """What accounts answers to a good sign-in."""
    return {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": seconds,
        "refresh_token": f"refresh-of-{token}",
        "session_expires_at": (datetime.now(UTC) + timedelta(days=1)).isoformat(),
        "device": "a-device",
        "person": {
            "id": "9f1c2ab0-1111-4222-8333-444455556666",
            "name": "李师傅",
            "roles": list(roles),
            "unit": "wh/hc/e0001",
        },
    }


def signed_in(
    browser: Browser, city: City, *roles: str, seconds: int = 900, token: str = TOKEN
) -> Browser:
    """The same browser after signing in."""
    city.answer("POST /accounts/sessions", a_session(*roles, seconds=seconds, token=token), 201)
    browser.session.cookies.clear()
    browser.get("/sign-in")
    browser.send("/sign-in", login="worker1", password="secret")
    return browser
