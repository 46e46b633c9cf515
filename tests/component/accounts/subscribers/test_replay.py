"""Replay, checkpoints, doors and refusals of subscriptions."""

from collections.abc import Callable
from uuid import uuid4

import pytest
import requests

from tests.component.accounts.conftest import SignIn
from tests.component.accounts.subscribers.conftest import (
    PATH,
    UNIT,
    Receiver,
    Subscribe,
    Subscriber,
    settled,
)
from tests.support.apps import App

Units = Callable[[int], list[str]]


@pytest.fixture
def paused(webhook: Subscriber) -> Subscriber:
    """Nothing is delivered, so replay stands alone."""
    webhook.ask("POST", "/pause")
    return webhook


def test_replay_brings_every_copy_from_any_point(paused: Subscriber, units: Units) -> None:
    paths = units(7)
    settled(paused, 7)

    everything = paused.copies(0)
    first = paused.ask("GET", "/events", params={"after": 0, "limit": 3}).json()
    rest = paused.copies(3)

    assert [each["subscriptionsequence"] for each in everything] == list("1234567")
    assert first["items"] + rest == everything
    assert first["last"] == 7
    assert sorted(each["data"]["path"] for each in everything) == sorted(paths)
    assert paused.copies(7) == []


def test_a_point_that_never_was_is_refused_by_name(paused: Subscriber) -> None:
    answer = paused.ask("GET", "/events", params={"after": 99})

    assert (answer.status_code, answer.json()["code"]) == (422, "no-such-point")
    assert answer.json()["errors"][0]["field"] == "after"


def test_copies_past_their_time_are_forgotten_and_it_shows(
    app: App, paused: Subscriber, units: Units
) -> None:
    from datetime import timedelta

    from services.accounts.subscribers.usecases.share import tidy_copies
    from services.accounts.wiring import AccountsUnitOfWork

    units(4)
    settled(paused, 4)
    runtime = app.runtime("accounts")
    with runtime.database.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE subscription_copies SET recorded_at = now() - interval '91 days'"
            " WHERE subscription = %s AND number <= 3",
            (paused.id,),
        )

    tidy_copies(timedelta(days=90), uow=runtime.unit_of_work(AccountsUnitOfWork))

    assert paused.status()["oldest"] == 4
    assert [each["subscriptionsequence"] for each in paused.copies(3)] == ["4"]
    assert paused.ask("GET", "/events", params={"after": 2}).json()["code"] == "no-such-point"
    resumed = paused.ask("POST", "/resume", json={}).json()
    assert resumed["delivered"] == 3


def test_a_checkpoint_says_how_far_the_subscriber_is(paused: Subscriber, units: Units) -> None:
    units(2)
    settled(paused, 2)

    answer = paused.ask("PUT", "/checkpoint", json={"number": 2})
    too_far = paused.ask("PUT", "/checkpoint", json={"number": 3})

    assert answer.json()["confirmed"] == 2
    assert (too_far.status_code, too_far.json()["errors"][0]["field"]) == (422, "number")


def test_nobody_but_its_owner_reads_copies(
    app: App, paused: Subscriber, subscribe: Subscribe, receiver: Receiver, as_: SignIn
) -> None:
    other = subscribe(url=receiver.url)
    path = f"{PATH}/{paused.id}/events?after=0"

    assert app.anybody().get(path).status_code == 401
    assert as_("ops").get(path).status_code == 401
    assert as_("city-admin").get(path).status_code == 401
    borrowed = (other.body["credentials"]["user"], other.secret)
    assert paused.ask("GET", "/events?after=0", auth=borrowed).status_code == 404
    for odd in ("subscriber-\0", "subscriber-", "booking", "\0", "x" * 5000):
        assert paused.ask("GET", "/events?after=0", auth=(odd, "x")).status_code == 401
    wrong = (paused.body["credentials"]["user"], "hxs_wrong")
    assert paused.ask("GET", "/events?after=0", auth=wrong).status_code == 401


def test_operators_see_the_state_and_others_do_not(paused: Subscriber, as_: SignIn) -> None:
    path = f"{PATH}/{paused.id}"

    assert as_("ops").get(path).json()["state"] == "paused"
    for login in ("worker1", "city-admin", "duty1", "unit-admin1"):
        assert as_(login).get(path).status_code == 403
        assert as_(login).post(f"{path}/pause").status_code == 403
        assert as_(login).get(PATH).status_code == 403
        assert as_(login).post(PATH, {}).status_code in {403, 422}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "Großes System"}, "invalid-fields"),
        ({"name": "double--hyphen"}, "invalid-fields"),
        ({"types": ["booking.case-opened.v1"]}, "unknown-event-type"),
        ({"types": ["nonsense"]}, "unknown-event-type"),
        ({"url": "ftp://example.org"}, "bad-webhook-url"),
        ({"url": "https://user:password@example.org/"}, "bad-webhook-url"),
    ],
)
def test_a_wrong_wish_is_refused_by_name(as_: SignIn, change: dict[str, object], code: str) -> None:
    body = {"name": "fine", "title": "x", "types": [UNIT], "url": "https://example.org/", **change}

    answer = as_("ops").post(PATH, body)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["errors"][0]["field"] == next(iter(change))


def test_a_name_is_never_used_twice(subscribe: Subscribe, receiver: Receiver, as_: SignIn) -> None:
    made = subscribe(url=receiver.url)
    as_("ops").delete(f"{PATH}/{made.id}")

    body = {"name": made.body["name"], "title": "x", "types": [UNIT], "url": receiver.url}
    answer = as_("ops").post(PATH, body)

    assert (answer.status_code, answer.json()["code"]) == (409, "subscription-name-taken")


def test_a_queue_needs_a_broker_of_its_own(as_: SignIn) -> None:
    """The in-memory broker of the demonstration lives in one process."""
    body = {"name": f"q-{uuid4().hex[:6]}", "title": "x", "types": [UNIT]}

    answer = as_("ops").post(PATH, body)

    assert (answer.status_code, answer.json()["code"]) == (409, "queue-needs-rabbitmq")


def test_the_broker_is_answered_by_neighbours_alone(app: App, paused: Subscriber) -> None:
    url = app.urls["accounts"] + "/internal/v1/broker/user"
    user, secret = paused.body["credentials"]["user"], paused.secret

    through_a_proxy = requests.post(
        url,
        data={"username": user, "password": secret},
        headers={"X-Forwarded-For": "203.0.113.7"},
        timeout=10,
    )
    webhook_user = requests.post(url, data={"username": user, "password": secret}, timeout=10)
    nobody = requests.post(url, data={"username": "booking", "password": ""}, timeout=10)

    assert through_a_proxy.status_code == 404
    assert (webhook_user.text, nobody.text) == ("deny", "deny")
