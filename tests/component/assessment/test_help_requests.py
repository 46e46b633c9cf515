"""«I need help now»: from anybody, never refused, and read by the duty only."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.chassis.auditing import open_reason
from services.chassis.unit_of_work import UnitOfWork
from tests.component.assessment.people import API, Sent, answer, has_support
from tests.support.apps import App, Client

HELP = f"{API}/help-requests"


@pytest.fixture
def caller(app: App) -> "Caller":
    """Somebody at an address of their own."""
    return Caller(app)


class Caller:
    """Presses the button from one address."""

    def __init__(self, app: App) -> None:
        self._client = app.anybody()
        self._address = f"2001:db8::{uuid4().hex[:4]}:{uuid4().hex[:4]}"

    def ask(self, **left: Any) -> Any:
        response = self._client.post(HELP, left, headers={"X-Forwarded-For": self._address})
        assert response.status_code == 201, response.text
        return response.json()


def read(app: App, case: str) -> Any:
    return app.person("duty").get(f"{API}/cases/{case}/help-requests").json()["items"]


def make_older(app: App, case: str, by: timedelta) -> None:
    with app.runtime("assessment").database.engine.begin() as connection:
        connection.execute(
            text("UPDATE help_requests SET last_at = last_at - :by WHERE case_id = :case"),
            {"by": by, "case": case},
        )


def test_anybody_gets_help_and_a_case(caller: Caller, sent: Sent) -> None:
    asked = caller.ask(phone="139 0000 1111", words="请给我打电话")

    assert has_support(asked)
    [flag] = sent.under(asked["case"])
    assert flag["person"] is None
    assert (flag["source"], flag["rule"], flag["callback"]) == (
        "help-request",
        "help-request",
        True,
    )
    assert [row.urgent for row in sent.rows("risk-flagged") if row.data == flag] == [True]


def test_the_duty_reads_what_was_left_and_that_is_audited(app: App, caller: Caller) -> None:
    case = caller.ask(phone="13900002222", words="在家")["case"]
    duty = app.person("duty")

    found = duty.get(f"{API}/cases/{case}/help-requests?reason=call+back")

    [item] = found.json()["items"]
    assert (item["phone"], item["words"], item["person"]) == ("13900002222", "在家", None)
    with app.runtime("assessment").database.reading() as connection:
        [row] = connection.execute(
            text("SELECT actor, action, reason FROM audit WHERE subject = :case"), {"case": case}
        )
    assert row[:2] == (duty.person, "help-request.read")
    with app.runtime("assessment").unit_of_work(UnitOfWork) as uow:
        assert "call" not in row.reason
        assert open_reason(uow.vault, None, row.reason) == "call back"


@pytest.mark.parametrize(
    "role", ["worker", "counsellor", "unit-admin", "district-admin", "city-admin", "ops"]
)
def test_nobody_but_the_duty_reads_it(app: App, caller: Caller, role: str) -> None:
    case = caller.ask(phone="13900003333")["case"]

    assert app.person(role).get(f"{API}/cases/{case}/help-requests").status_code == 403
    assert app.anybody().get(f"{API}/cases/{case}/help-requests").status_code == 401


def test_a_case_that_was_never_opened_is_not_found(app: App) -> None:
    assert app.person("duty").get(f"{API}/cases/{uuid4()}/help-requests").status_code == 404


def test_the_phone_is_nowhere_in_the_clear(app: App, caller: Caller) -> None:
    caller.ask(phone="13912345678", words="urgent words")

    with app.runtime("assessment").database.reading() as connection:
        rows = [*connection.execute(text("SELECT * FROM help_requests"))]
        events = [*connection.execute(text("SELECT data::text FROM outbox"))]
    kept = b"".join(bytes(value) for row in rows for value in row if isinstance(value, memoryview))
    assert rows and b"13912345678" not in kept and b"urgent words" not in kept
    assert all("13912345678" not in row[0] for row in events)


def test_pressing_again_joins_the_case_and_pages_once(app: App, caller: Caller, sent: Sent) -> None:
    asked = [caller.ask() for _ in range(5)]

    assert len({each["case"] for each in asked}) == 1
    assert len(sent.under(asked[0]["case"])) == 1
    assert [item["repeats"] for item in read(app, asked[0]["case"])] == [4]


def test_a_number_left_later_joins_the_case_and_is_told(
    app: App, caller: Caller, sent: Sent
) -> None:
    first = caller.ask()
    second = caller.ask(phone="13900004444")
    third = caller.ask(phone="139-0000-4444")
    fourth = caller.ask(words="快一点")

    assert {each["case"] for each in (second, third, fourth)} == {first["case"]}
    assert [flag["callback"] for flag in sent.under(first["case"])] == [False, True, False]
    assert [item["phone"] for item in read(app, first["case"])] == ["", "13900004444", ""]


def test_pressing_again_without_the_number_is_no_news(caller: Caller, sent: Sent) -> None:
    first = caller.ask(phone="13800000003")
    second = caller.ask()

    assert second["case"] == first["case"]
    assert len(sent.under(first["case"])) == 1


def test_the_same_phone_from_elsewhere_is_the_same_case(
    app: App, caller: Caller, sent: Sent
) -> None:
    first = caller.ask(phone="+86 139 0000 5555")
    second = Caller(app).ask(phone="13900005555")

    assert first["case"] == second["case"]
    assert len(sent.under(first["case"])) == 1


def test_two_phones_behind_one_address_are_two_cases(caller: Caller) -> None:
    assert caller.ask(phone="13900006666")["case"] != caller.ask(phone="13900007777")["case"]


def test_two_addresses_without_a_phone_are_two_cases(app: App) -> None:
    assert Caller(app).ask()["case"] != Caller(app).ask()["case"]


def test_after_a_while_the_same_phone_pages_again_under_its_case(
    app: App, caller: Caller, sent: Sent
) -> None:
    case = caller.ask(phone="13900008888")["case"]
    make_older(app, case, timedelta(minutes=11))

    again = caller.ask(phone="13900008888")

    assert again["case"] == case
    assert len(sent.under(case)) == 2


def test_after_a_while_an_address_alone_is_somebody_else(app: App, caller: Caller) -> None:
    case = caller.ask()["case"]
    make_older(app, case, timedelta(minutes=11))

    assert caller.ask()["case"] != case


def test_a_signed_in_person_asks_under_their_own_case(app: App, worker: Client, sent: Sent) -> None:
    crisis = answer(worker, q9=1)

    asked = worker.post(HELP, {"phone": "13900009999"}).json()
    repeated = worker.post(HELP, {"phone": "13900009999"}).json()

    assert asked["case"] == repeated["case"] == crisis["case"]
    assert [flag["source"] for flag in sent.of(worker.person, "risk-flagged")] == [
        "response",
        "help-request",
    ]
    [item] = read(app, asked["case"])
    assert (item["person"], item["phone"]) == (str(worker.person), "13900009999")


def test_a_token_that_is_no_longer_good_does_not_stand_in_the_way(app: App) -> None:
    response = Client(app, "not.a.token").post(HELP, {"phone": "13800000001"})

    assert response.status_code == 201


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[1]", b"null", b'{"phone": {"a": 1}, "words": [1]}', b'{"x": 1}', b"\xff"],
)
def test_whatever_is_sent_the_press_of_the_button_counts(app: App, sent: Sent, body: bytes) -> None:
    address = f"2001:db8:1::{uuid4().hex[:4]}"

    response = app.anybody().call("POST", HELP, data=body, headers={"X-Forwarded-For": address})

    assert response.status_code == 201
    assert len(sent.under(response.json()["case"])) == 1


def test_too_many_words_are_cut_not_refused(app: App, caller: Caller) -> None:
    case = caller.ask(words="救" * 5000, phone=13800000002)["case"]

    [item] = read(app, case)
    assert item["words"] == "救" * 2000
    assert item["phone"] == "13800000002"


def test_a_body_past_the_limit_is_refused_with_help(app: App) -> None:
    response = app.anybody().call("POST", HELP, data=b" " * 2_000_000)

    assert response.status_code == 413
    assert has_support(response.json())
