import http.client
from urllib.parse import urlsplit

import pytest
import requests

from services.portal.service import PortalService
from tests.component.portal.city import City
from tests.support.apps import running


def test_a_call_is_passed_on_as_it_is(portal: str, city: City) -> None:
    city.answer("POST /booking/appointments", {"id": "x"}, 201)

    answer = requests.post(
        f"{portal}/api/booking/v1/appointments?a=1&b=%E4%B8%AD",
        json={"slot": "s"},
        headers={
            "Authorization": "Bearer t",
            "Idempotency-Key": "key-1",
            "Correlation-Id": "loop-12345",
            "X-Forwarded-For": "203.0.113.9",
            "Cookie": "huixin=secret",
        },
        timeout=10,
    )

    asked = city.requests("POST /booking/appointments")[0]
    assert (answer.status_code, answer.json()) == (201, {"id": "x"})
    assert asked.json == {"slot": "s"}
    assert asked.query == {"a": "1", "b": "中"}
    assert asked.headers["Authorization"] == "Bearer t"
    assert asked.headers["Idempotency-Key"] == "key-1"
    assert asked.headers["Correlation-Id"] == "loop-12345"
    assert asked.headers["X-Forwarded-For"] == "203.0.113.9"
    assert "Cookie" not in asked.headers


def test_refusals_come_back_unchanged(portal: str, city: City) -> None:
    city.answer("GET /booking/offers", {"code": "not-authenticated", "status": 401}, 401)

    answer = requests.get(f"{portal}/api/booking/v1/offers", timeout=10)

    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not-authenticated"


@pytest.mark.parametrize(
    "path",
    [
        "/internal/v1/events",
        "/api/booking/../internal/v1/events",
        "/api/booking/v1/../../../internal/v1/events",
        "/api/booking/%2e%2e/%2e%2e/internal/v1/events",
        "/api/booking//internal/v1/events",
        "/api/portal/v1/x",
    ],
)
def test_internal_routes_are_never_reached(portal: str, city: City, path: str) -> None:
    address = urlsplit(portal)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)

    connection.request("POST", path, body=b"{}")
    status = connection.getresponse().status

    assert status in {404, 405, 400}
    assert city.asked == []


def test_a_service_that_is_away_is_a_problem_document_with_the_help_card(
    portal: str, city: City
) -> None:
    with running(None, [PortalService], HUIXIN_PEERS="assessment=http://127.0.0.1:9") as app:
        url = f"{app.urls['portal']}/api/assessment/v1/responses"
        answer = requests.post(url, json={}, timeout=10)

    assert answer.status_code == 503
    assert answer.json()["code"] == "service-away"
    assert answer.json()["support"]["lines"][0]["number"] == "12356"


def test_a_body_beyond_the_limit_is_refused(portal: str, city: City) -> None:
    answer = requests.post(
        f"{portal}/api/booking/v1/x", data=b"x" * (12 * 1024 * 1024 + 1), timeout=10
    )

    assert answer.status_code == 413
    assert city.asked == []


def test_without_the_setting_there_is_no_gateway(city: City) -> None:
    peers = f"booking={city.url}"
    with running(None, [PortalService], HUIXIN_PEERS=peers, HUIXIN_EMBEDDED="false") as app:
        answer = requests.get(f"{app.urls['portal']}/api/booking/v1/offers", timeout=10)

    assert answer.status_code == 404
    assert city.asked == []
