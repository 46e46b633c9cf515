"""One person's way through the whole system, with everything going wrong that can."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from sqlalchemy import text

from services.cli.client import Answer, PublicClient
from tests.security.secrecy.seeds import PHONES, SEEDS
from tests.support.apps import eventually
from tests.support.city import CRITICAL, City, answer_phq9, book, open_offer

UNIT = "wh/hc/e0001"
BOOKING, ACCOUNTS = "/api/booking/v1", "/api/accounts/v1"


class Loop:
    """What the run left behind, beside the city's own traces."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.refusals: list[bytes] = []
        self.admin = city.as_person("city-admin")
        self.duty = city.as_person("duty1")
        self.worker = self._enrolled()
        self.person = str(self.worker.person["id"])

    def walk(self) -> None:
        """From the first answer to the plan of the crisis."""
        moderate = answer_phq9(self.worker)
        assert moderate.status == 201
        assert book(self.worker, open_offer(self.worker)).status == 201
        crisis = answer_phq9(self.worker, CRITICAL)
        self.responses = [moderate.body["id"], crisis.body["id"]]
        self.case = crisis.body["case"]
        help_request = {"phone": SEEDS.phone, "words": SEEDS.words}
        asked = self.worker.call("POST", "/api/assessment/v1/help-requests", help_request)
        assert asked.status == 201
        self._care()
        mails = self.city.mailbox.mails
        eventually(lambda: mails(to=SEEDS.email), within=20, what="a mail")
        eventually(self.city.settled, within=20, what="every event to be read")

    def _enrolled(self) -> PublicClient:
        header, row = (
            "姓名,登录名,会员号,手机,邮箱,单位",
            (f"{SEEDS.name},{SEEDS.login},{SEEDS.member_no},{PHONES[0]},{SEEDS.email},{UNIT}"),
        )
        answer = self._upload(f"{header}\n{row}\n")
        assert answer.status_code == 200, answer.text
        anybody = PublicClient(self.city.url)
        anybody.call("POST", f"{ACCOUNTS}/password-resets", {"login": SEEDS.login})
        code = eventually(self._mailed_code, within=20, what="a code by mail")
        chosen = {"login": SEEDS.login, "code": code, "password": SEEDS.password}
        assert anybody.call("POST", f"{ACCOUNTS}/passwords", chosen).status == 204
        return anybody.signed_in(SEEDS.login, SEEDS.password)

    def _mailed_code(self) -> str | None:
        for mail in self.city.mailbox.mails(to=SEEDS.email):
            if found := re.search(r"\b[A-Z0-9]{4}(?:-?[A-Z0-9]{4})+\b|\b\d{6,8}\b", mail.text):
                return found[0]
        return None

    def _upload(self, sheet: str) -> requests.Response:
        return requests.post(
            f"{self.city.url}{ACCOUNTS}/imports",
            data=sheet.encode(),
            headers={"Content-Type": "text/csv", "Authorization": f"Bearer {self.admin.token}"},
            timeout=30,
        )

    def _care(self) -> None:
        case = f"{BOOKING}/cases/{self.case}"
        eventually(lambda: self.duty.call("GET", case).status == 200, within=20, what="the case")
        contact = {"channel": "phone", "outcome": "reached", "note": SEEDS.note}
        for path, body in (
            ("acknowledge", {}),
            ("contacts", contact),
            ("plan", {"plan": SEEDS.plan}),
        ):
            answer = self.duty.call("POST", f"{case}/{path}", body)
            assert answer.status in {200, 201}, answer
        self.duty.get(f"/api/assessment/v1/cases/{self.case}/help-requests", reason=SEEDS.reason)
        self.duty.get(
            f"{ACCOUNTS}/people/{self.person}/contact-points", case=self.case, reason=SEEDS.reason
        )

    def stumble(self) -> None:
        """Personal values where they do not belong: each is refused."""
        phone, admin = PHONES[2], self.admin
        self._refused(admin.call("POST", f"{BOOKING}/sites", {"name": SEEDS.name, "unit": phone}))
        self._refused(admin.call("POST", f"{BOOKING}/sites", {"name": [SEEDS.phone]}))
        self._refused(admin.call("GET", f"{BOOKING}/sites", query={"unit": SEEDS.name}))
        self._refused(admin.call("GET", f"{BOOKING}/sites/{SEEDS.phone}"))
        self._refused(admin.call("GET", f"{ACCOUNTS}/units/{SEEDS.email}"))
        self._refused(admin.call("GET", f"{BOOKING}/{SEEDS.name}"))
        contact = {"channel": SEEDS.phone, "note": SEEDS.note}
        case = f"{BOOKING}/cases/{self.case}/contacts"
        self._refused(self.duty.call("POST", case, contact))
        items = [{"channel": "email", "address": SEEDS.name}]
        points = {"items": items, "password": SEEDS.words}
        self._refused(self.worker.call("PUT", f"{ACCOUNTS}/people/me/contact-points", points))
        sheet = {"q1": SEEDS.words, "q2": SEEDS.phone, "q9": 77}
        self._refused(answer_phq9(self.worker, sheet))
        wrong = {"login": SEEDS.login, "password": SEEDS.words}
        anybody = PublicClient(self.city.url)
        self._refused(anybody.call("POST", f"{ACCOUNTS}/sessions", wrong))
        broken = self._upload(f"{SEEDS.name},{SEEDS.phone}\n{SEEDS.email}\n")
        assert broken.status_code == 422
        self.refusals.append(broken.content)

    def fall(self) -> None:
        """Tables that are gone while personal values are on their way into them."""
        with self._without("accounts", "identifiers"):
            answer = self._upload(f"姓名,登录名,手机,单位\n{SEEDS.name},x1,{SEEDS.phone},{UNIT}\n")
            assert answer.status_code == 500
            self.refusals.append(answer.content)
        with self._without("booking", "case_steps"):
            case = f"{BOOKING}/cases/{self.case}/contacts"
            contact = {"channel": "phone", "outcome": "reached", "note": SEEDS.note}
            self._failed(self.duty.call("POST", case, contact))
        with self._without("assessment", "responses"):
            self._failed(answer_phq9(self.worker))

    @contextmanager
    def _without(self, service: str, table: str) -> Iterator[None]:
        engine = self.city.engines[service]
        with engine.begin() as connection:
            connection.execute(text(f'ALTER TABLE "{table}" RENAME TO "{table}_away"'))
        try:
            yield
        finally:
            with engine.begin() as connection:
                connection.execute(text(f'ALTER TABLE "{table}_away" RENAME TO "{table}"'))

    def _refused(self, answer: Answer) -> None:
        assert 400 <= answer.status < 500, answer
        self.refusals.append(_bytes(answer.body))

    def _failed(self, answer: Answer) -> None:
        assert answer.status in {500, 503}, answer
        self.refusals.append(_bytes(answer.body))


def _bytes(document: Any) -> bytes:
    return repr(document).encode()
