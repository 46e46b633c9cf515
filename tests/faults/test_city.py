"""The city when parts of it are killed: nothing is lost or doubled, and a crisis gets out."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.apps import eventually
from tests.support.city import CRITICAL, City, answer_phq9, book, open_offer

OFFICERS = ("duty1@mail.example", "duty2@mail.example")
KILLED = ("assessment", "booking", "notification", "reporting")


@pytest.fixture
def city(whole_city: City) -> Iterator[City]:
    yield whole_city
    eventually(whole_city.settled, within=90, what="nothing waits any more")


def pages(city: City) -> int:
    return sum(len(city.mailbox.mails(to=officer)) for officer in OFFICERS)


def offers_of(city: City, response: str) -> list[Any]:
    statement = "SELECT offer FROM offer_responses WHERE response = :response"
    return city.query("booking", statement, response=response)


@pytest.mark.parametrize("fault", ["killed", "hanging"])
def test_a_crisis_answer_pages_the_officer_within_ten_seconds_of_a_broker_that_is(
    city: City, fault: str
) -> None:
    worker = city.as_person("worker201" if fault == "killed" else "worker202")
    before = pages(city)
    city.broker.kill() if fault == "killed" else city.broker.pause()
    try:
        answer = answer_phq9(worker, CRITICAL)
        assert answer.status == 201

        eventually(lambda: pages(city) > before, within=10, what="the officer's page")
    finally:
        city.broker.restart() if fault == "killed" else city.broker.resume()

    case = answer.body["case"]
    eventually(city.settled, within=90, what="nothing waits any more")
    assert city.count("booking", "cases", "id = :id", id=case) == 1


@pytest.mark.parametrize("name", KILLED)
def test_a_service_killed_in_mid_flow_catches_up_when_it_is_back(city: City, name: str) -> None:
    number = 210 + KILLED.index(name)
    worker = city.as_person(f"worker{number}")
    if name != "assessment":
        city.services[name].kill()
    answer = answer_phq9(worker)
    assert answer.status == 201
    if name == "assessment":
        city.services[name].kill()

    city.start(name)

    offer = open_offer(worker)
    assert book(worker, offer).status == 201
    mails = f"worker{number}@mail.example"
    eventually(lambda: city.mailbox.mails(to=mails), within=30, what="the mail")
    response = answer.body["id"]
    counted = "kind = 'assessment.response-completed.v1' AND subject = :subject"
    eventually(lambda: city.count("reporting", "ledger", counted, subject=response) == 1)


def test_the_broker_killed_under_load_loses_and_doubles_nothing(city: City) -> None:
    admin, lead = city.as_person("city-admin"), city.as_person("clinical-lead")
    body = {"count": 60, "unit": "wh/hc"}
    made = admin.post("/api/accounts/v1/temporary-workers", body)["items"]
    workers = [type(admin)(city.url, token=each["access_token"]) for each in made]
    before = city.count("reporting", "ledger", "kind = 'assessment.response-completed.v1'")

    answers = [answer_phq9(each) for each in workers[:20]]
    city.broker.kill()
    answers += [answer_phq9(each) for each in workers[20:40]]
    city.broker.restart()
    answers += [answer_phq9(each) for each in workers[40:]]

    assert {answer.status for answer in answers} == {201}
    eventually(city.settled, within=90, what="nothing waits any more")
    counted = "kind = 'assessment.response-completed.v1'"
    eventually(lambda: city.count("reporting", "ledger", counted) == before + 60)
    ids = {made["person"] for made in made}

    def offers() -> dict[str, int]:
        found = city.query("booking", "SELECT person, count(*) AS n FROM offers GROUP BY person")
        return {str(row.person): row.n for row in found if str(row.person) in ids}

    eventually(lambda: offers() == dict.fromkeys(ids, 1), within=30, what="one offer each")
    assert lead.get("/api/reporting/v1/indicators", unit="wh")["items"]
