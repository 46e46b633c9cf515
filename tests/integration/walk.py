"""Everything people can do that others hear of, done once each through the public interface."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from services.cli.client import Answer, PublicClient
from services.cli.demo_city.city import person_id
from tests.support.apps import eventually
from tests.support.city import CRITICAL, PASSWORD, City, answer_phq9, book, open_offer

ACCOUNTS, ASSESSMENT, BOOKING = "/api/accounts/v1", "/api/assessment/v1", "/api/booking/v1"
NOTIFICATION = "/api/notification/v1"
DISTRICT = "wh/hc"


class Walk:
    """Each part stands for itself; a call that is refused fails the test with the answer."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._admin, self._duty = city.as_person("city-admin"), city.as_person("duty1")
        self._other = city.as_person("clinical-lead")

    def all(self) -> None:
        """One after the other."""
        self.build()
        self.agree()
        self.take_care()
        self.keep_appointments()
        self.compete()
        self.read()

    def build(self) -> None:
        """A unit, a place, a counsellor and an address that was not there before."""
        segment = f"n{uuid4().hex[:8]}"
        unit = {"parent": DISTRICT, "segment": segment, "name": "新单位"}
        unit |= {"level": "enterprise", "kind": "enterprise-union"}
        self._made(self._admin, "POST", f"{ACCOUNTS}/units", unit)
        site = {"name": f"服务点 {segment}", "level": "district-branch", "unit": DISTRICT}
        place = self._made(self._admin, "POST", f"{BOOKING}/sites", site)["id"]
        person = str(person_id("duty2"))
        roles = {"roles": ["duty", "counsellor"], "scope": "wh"}
        self._made(self._admin, "PUT", f"{ACCOUNTS}/people/{person}/roles", roles)
        terms = {"person": person, "unit": DISTRICT, "modes": ["video"], "sites": [place]}
        terms |= {"credential_expires_on": "2099-12-31"}
        self._made(self._admin, "POST", f"{BOOKING}/counsellors", terms)
        points = {"items": [{"channel": "email", "address": f"{segment}@mail.example"}]}
        worker = self._city.as_person("worker121")
        path = f"{ACCOUNTS}/people/me/contact-points"
        self._made(worker, "PUT", path, {**points, "password": PASSWORD})

    def agree(self) -> None:
        """To a sheet of answers, and no more."""
        worker = self._city.as_person("worker122")
        assert answer_phq9(worker).status == 201
        (purpose, *_) = worker.get(f"{ASSESSMENT}/consents")["items"]
        self._made(worker, "DELETE", f"{ASSESSMENT}/consents/{purpose['purpose']}")

    def take_care(self) -> None:
        """Of a crisis, from the page to the second person's word."""
        case = answer_phq9(self._city.as_person("worker123"), CRITICAL).body["case"]
        path = f"{BOOKING}/cases/{case}"
        eventually(lambda: self._duty.call("GET", path).status == 200, within=20, what="the case")
        self._await_page(case)
        talk = {"channel": "phone", "reached": True, "note": "synthetic"}
        advice = {"kind": "advised", "reaction": "accepted", "wording": "synthetic"}
        for step, body in (
            ("acknowledge", {}),
            ("contacts", talk),
            ("plan", {"plan": "synthetic"}),
            ("referrals", advice),
            ("follow-ups", {"reached": True, "note": "synthetic"}),
            ("close", {"reason": "resolved"}),
        ):
            self._made(self._duty, "POST", f"{path}/{step}", body)
        self._made(self._other, "POST", f"{path}/confirm-close", {})

    def keep_appointments(self) -> None:
        """One is moved and kept, one called off; one offer is refused."""
        first, second = self._city.as_person("worker124"), self._city.as_person("worker125")
        kept = self._booked(first)
        slot = first.get(f"{BOOKING}/slots")["items"][-1]["id"]
        self._made(first, "POST", f"{BOOKING}/appointments/{kept}/reschedule", {"slot": slot})
        self._made(first, "POST", f"{BOOKING}/appointments/{kept}/check-in", {})
        self._complete(kept)
        called_off = self._booked(second)
        self._made(second, "DELETE", f"{BOOKING}/appointments/{called_off}")
        third = self._city.as_person("worker126")
        assert answer_phq9(third).status == 201
        self._made(third, "POST", f"{BOOKING}/offers/{open_offer(third)['id']}/decline", {})

    def compete(self) -> None:
        """In a round of a quiz, of one question."""
        quizzes, topic, now = f"{ASSESSMENT}/quizzes", uuid4().hex[:8], datetime.now(UTC)
        question = {"topic": topic, "text": {"zh": "一加一"}, "right": [2]}
        question |= {"choices": [{"zh": "一"}, {"zh": "二"}], "explanation": {"zh": "二。"}}
        self._made(self._admin, "POST", f"{quizzes}/questions", question)
        plan = {"title": "竞答", "unit": "wh", "topic": topic, "questions": 1, "seconds": 300}
        plan |= {"opens_at": (now - timedelta(hours=1)).isoformat()}
        plan |= {"closes_at": (now + timedelta(hours=1)).isoformat()}
        plan["prizes"] = [{"title": "杯子", "count": 1}]
        opened = self._made(self._admin, "POST", f"{quizzes}/rounds", plan)["id"]
        self._made(self._admin, "POST", f"{quizzes}/rounds/{opened}/open", {})
        worker, attempt = self._city.as_person("worker127"), f"{quizzes}/{opened}/attempt"
        (asked,) = self._made(worker, "POST", attempt, {"nickname": "小太阳"})["questions"]
        self._made(worker, "POST", f"{attempt}/submit", {"answers": {asked["id"]: [2]}})

    def read(self) -> None:
        """The inbox."""
        worker = self._city.as_person("worker124")
        self._made(worker, "POST", f"{NOTIFICATION}/messages/read", {})

    def _await_page(self, case: str) -> None:
        told = "about_case = :case"
        eventually(
            lambda: self._city.count("notification", "messages", told, case=case),
            within=20,
            what="the page",
        )

    def _booked(self, worker: PublicClient) -> str:
        assert answer_phq9(worker).status == 201
        answer = book(worker, open_offer(worker))
        assert answer.status == 201, answer
        return str(answer.body["id"])

    def _complete(self, appointment: str) -> None:
        (row,) = self._city.query(
            "booking", "SELECT counsellor FROM appointments WHERE id = :id", id=appointment
        )
        logins = (f"counsellor{number}" for number in range(1, 41))
        login = next(each for each in logins if person_id(each) == row.counsellor)
        path = f"{BOOKING}/appointments/{appointment}/complete"
        self._made(self._city.as_person(login), "POST", path, {})

    def _made(self, who: PublicClient, method: str, path: str, body: Any = None) -> Any:
        answer: Answer = who.call(method, path, body)
        assert 200 <= answer.status < 300, f"{method} {path}: {answer}"
        return answer.body
