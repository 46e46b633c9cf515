"""A town with sites, counsellors and hours, set up over HTTP as its administrators would."""

from typing import Any
from uuid import UUID, uuid4

from services.contracts.assessment import ResponseCompletedV1, Risk
from tests.component.booking.people import enrolled
from tests.support.apps import App, Client
from tests.support.rows import rows

API = "/api/booking/v1"
SLOTS = f"{API}/slots"
OFFERS = f"{API}/offers"
APPOINTMENTS = f"{API}/appointments"
ALL_DAY = [{"weekday": weekday, "starts": "00:00", "ends": "23:59"} for weekday in range(1, 8)]


class Town:
    """Creates what a test needs and says the ids."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.admin = app.person("city-admin", unit="wh")
        self.duty = app.person("duty", unit="wh")

    def site(self, unit: str = "wh/hc", **said: Any) -> str:
        """A new station."""
        body = {"name": f"站 {uuid4().hex[:6]}", "level": "station", "unit": unit, **said}
        return made(self.admin.post(f"{API}/sites", body))["id"]

    def room(self, site: str, **said: Any) -> str:
        """A new counselling room."""
        body = {"name": uuid4().hex[:6], **said}
        return made(self.admin.post(f"{API}/sites/{site}/rooms", body))["id"]

    def counsellor(self, *sites: str, week: Any = ALL_DAY, **said: Any) -> Client:
        """A counsellor who works all day, every day, unless `week` says otherwise."""
        client = self.app.person("counsellor", unit="wh/hc")
        enrolled("counsellor", person=client.person)
        places = list(sites) or [self.site()]
        body = {
            "person": str(client.person),
            "unit": "wh/hc",
            "modes": ["in-person", "video"],
            "sites": places,
            "daily_limit": 16,
            "credential_expires_on": "2099-01-01",
            **said,
        }
        made(self.admin.post(f"{API}/counsellors", body))
        if week:
            self.set_week(client, week, places[0], body["modes"])
        return client

    def set_week(self, counsellor: Client, week: Any, site: str, modes: list[str]) -> None:
        """The hours of the counsellor's week."""
        items = [{"site": site, "modes": modes, **each} for each in week]
        answer = self.admin.put(hours_of(counsellor), {"items": items})
        assert answer.status_code == 200, answer.text

    def slots(self, counsellor: Client, **query: Any) -> list[dict[str, Any]]:
        """The counsellor's open slots."""
        query = {"counsellor": str(counsellor.person), "limit": 200, **query}
        return listed(self.duty, SLOTS, **query)

    def worker(self, unit: str = "wh/hc/e0001") -> Client:
        """Somebody nobody has met before."""
        return self.app.person("worker", unit=unit)


def hours_of(counsellor: Client) -> str:
    """The route of a counsellor's week."""
    return f"{API}/counsellors/{counsellor.person}/availability"


def exceptions_of(counsellor: Client) -> str:
    """The route of a counsellor's exceptions."""
    return f"{API}/counsellors/{counsellor.person}/exceptions"


def made(answer: Any) -> dict[str, Any]:
    """The body of a 201."""
    assert answer.status_code == 201, answer.text
    return answer.json()


def listed(client: Client, path: str, **query: Any) -> list[dict[str, Any]]:
    """The items of a list's first page."""
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def refused(answer: Any, status: int) -> str:
    """The code of a refusal."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.json()["code"]


def book(worker: Client, slot: dict[str, Any] | str, **said: Any) -> Any:
    """The answer to a booking."""
    slot_id = slot if isinstance(slot, str) else slot["id"]
    return worker.post(APPOINTMENTS, {"slot": slot_id, "mode": "video", **said})


def booked(worker: Client, slot: dict[str, Any] | str, **said: Any) -> dict[str, Any]:
    """A booking that succeeds."""
    return made(book(worker, slot, **said))


def a_result(person: UUID | None, care_level: int = 2, **said: Any) -> ResponseCompletedV1:
    """A completed response."""
    values: dict[str, Any] = {
        "response": uuid4(),
        "person": person,
        "instrument": "phq9",
        "version": "1.0.0",
        "band": "moderate",
        "risk": Risk.CONCERN,
        "care_level": care_level,
        "policy": "union-stepped-care 1.0.0",
        **said,
    }
    return ResponseCompletedV1(**values)


def told_of(app: App, subject: Any) -> list[str]:
    """The events booking told of this aggregate, in order."""
    found = rows(
        app,
        "booking",
        "SELECT type FROM outbox WHERE subject = :subject ORDER BY sequence",
        subject=str(subject),
    )
    return [row.type.split(".")[1] for row in found]
