"""Copies reach a webhook signed, numbered and in order, and a failing one is dealt with."""

import socket
from collections.abc import Callable

import pytest

from services.contracts import public
from tests.component.accounts.conftest import SignIn
from tests.component.accounts.subscribers.conftest import (
    PATH,
    UNIT,
    Receiver,
    Subscribe,
    Subscriber,
    settled,
)
from tests.support.apps import App, eventually
from tests.support.rows import rows

Units = Callable[[int], list[str]]


def due_now(app: App, subscriber: Subscriber) -> None:
    """As if the pause before the next attempt were over."""
    with app.runtime("accounts").database.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE subscriptions SET due_at = now() WHERE id = %s", (subscriber.id,)
        )


def failing_for(app: App, subscriber: Subscriber, days: float) -> None:
    """As if it had failed since then."""
    with app.runtime("accounts").database.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE subscriptions SET failing_since = now() - make_interval(secs => %s)"
            " WHERE id = %s",
            (days * 86_400, subscriber.id),
        )


def test_events_arrive_signed_numbered_and_in_order(
    webhook: Subscriber, receiver: Receiver, units: Units
) -> None:
    paths = units(5)

    eventually(lambda: len(receiver.events) == 5)

    assert receiver.numbers == [1, 2, 3, 4, 5]
    assert sorted(each["data"]["path"] for each in receiver.events) == sorted(paths)
    event = receiver.asked[0]
    assert (event["type"], event["subscription"]) == (UNIT, webhook.body["name"])
    assert event["headers"]["webhook-id"] == event["id"]
    assert "traceparent" not in event
    assert webhook.status()["delivered"] == 5


def test_a_heartbeat_says_how_far_the_counter_is(
    webhook: Subscriber, receiver: Receiver, units: Units
) -> None:
    units(2)

    def told() -> list[int]:
        return [each["data"]["last"] for each in receiver.taken if each["type"] == public.HEARTBEAT]

    assert eventually(lambda: 2 in told())
    assert all(
        "subscriptionsequence" not in each
        for each in receiver.taken
        if not each["data"].get("path")
    )


def test_what_fails_is_tried_again_and_nothing_overtakes_it(
    app: App, webhook: Subscriber, receiver: Receiver, units: Units
) -> None:
    receiver.statuses = [500, 503]
    units(3)

    first = eventually(lambda: webhook.status()["failing_since"] and webhook.status())
    assert (first["state"], first["delivered"]) == ("active", 0)
    due_now(app, webhook)
    eventually(lambda: len(receiver.asked) == 2)
    eventually(lambda: webhook.status()["reason"] == "http-503")
    due_now(app, webhook)
    eventually(lambda: receiver.numbers == [1, 2, 3])

    numbers = [each.get("subscriptionsequence") for each in receiver.asked[:3]]
    assert numbers == ["1", "1", "1"]
    after = eventually(lambda: webhook.status() if not webhook.status()["failing_since"] else None)
    assert (after["state"], after["reason"], after["delivered"]) == ("active", "", 3)


def test_after_three_days_it_stops_and_its_owner_resumes_it(
    app: App, webhook: Subscriber, receiver: Receiver, units: Units
) -> None:
    receiver.statuses = [500, 500]
    units(1)
    eventually(lambda: webhook.status()["failing_since"])
    failing_for(app, webhook, 3.01)
    due_now(app, webhook)

    stopped = eventually(lambda: webhook.status() if webhook.status()["state"] == "stopped" else 0)
    units(2)
    settled(webhook, 3)

    assert stopped["reason"] == "http-500"
    assert receiver.numbers == []
    answer = webhook.ask("POST", "/resume", json={})
    assert (answer.status_code, answer.json()["state"]) == (200, "active")
    eventually(lambda: receiver.numbers == [1, 2, 3])


def test_gone_stops_it_at_once(webhook: Subscriber, receiver: Receiver, units: Units) -> None:
    receiver.statuses = [204, 410]
    units(3)

    eventually(lambda: webhook.status()["state"] == "stopped")

    status = webhook.status()
    assert (status["reason"], status["delivered"], receiver.numbers) == ("gone", 1, [1])


def test_a_redirect_is_not_followed(webhook: Subscriber, receiver: Receiver, units: Units) -> None:
    receiver.statuses, receiver.location = [302], receiver.url
    units(1)

    eventually(lambda: webhook.status()["reason"] == "http-302")

    assert len(receiver.asked) == 1


@pytest.mark.parametrize(
    ("host", "reason"), [("no..such", "name-not-found"), ("x" * 70, "name-not-found")]
)
def test_a_name_that_cannot_be_is_said_and_tried_again(
    subscribe: Subscribe, units: Units, host: str, reason: str
) -> None:
    odd = subscribe(url=f"https://{host}/hook")
    units(1)

    eventually(lambda: odd.status()["reason"] == reason)

    assert odd.status()["state"] == "active"


def test_an_address_inside_is_never_reached(app: App, subscribe: Subscribe, units: Units) -> None:
    inside = subscribe(url="https://10.0.0.1/hook")
    plain = subscribe(url="http://192.0.2.10/hook")
    units(1)

    for each in (inside, plain):
        eventually(lambda: each.status()["reason"] == "address-not-allowed")


def test_a_webhook_that_hangs_holds_up_no_other(
    app: App, webhook: Subscriber, receiver: Receiver, subscribe: Subscribe, units: Units
) -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    hanging = subscribe(url=f"http://127.0.0.1:{silent.getsockname()[1]}/")
    units(2)

    eventually(lambda: receiver.numbers == [1, 2], within=5)

    claimed = "SELECT 1 FROM subscriptions WHERE id = :id AND claim IS NOT NULL"
    assert rows(app, "accounts", claimed, id=hanging.id)
    silent.close()


def test_a_paused_subscription_keeps_everything_for_later(
    webhook: Subscriber, receiver: Receiver, units: Units
) -> None:
    assert webhook.ask("POST", "/pause").json()["state"] == "paused"
    units(3)
    settled(webhook, 3)
    assert receiver.events == []

    webhook.ask("POST", "/resume", json={})

    eventually(lambda: receiver.numbers == [1, 2, 3])


def test_everything_past_a_number_comes_once_more(
    webhook: Subscriber, receiver: Receiver, units: Units
) -> None:
    units(3)
    eventually(lambda: len(receiver.events) == 3)

    answer = webhook.ask("POST", "/resume", json={"after": 1})

    assert answer.status_code == 200
    eventually(lambda: receiver.numbers == [1, 2, 3, 2, 3])
    assert webhook.ask("POST", "/resume", json={"after": 4}).json()["code"] == "no-such-point"


def test_an_old_signing_key_signs_beside_the_new_one(
    webhook: Subscriber, receiver: Receiver, units: Units
) -> None:
    """The receiver still checks with the old key."""
    renewed = webhook.ask("POST", "/secret").json()
    units(1)

    eventually(lambda: receiver.numbers == [1])

    signatures = receiver.asked[-1]["headers"]["webhook-signature"].split()
    assert len(signatures) == 2
    assert renewed["credentials"]["signing_key"] != receiver.signing_key
    assert webhook.ask("GET").status_code == 401
    renewed_secret = renewed["credentials"]["secret"]
    auth = (renewed["credentials"]["user"], renewed_secret)
    assert webhook.ask("GET", auth=auth).status_code == 200


def test_an_ended_subscription_gets_nothing_and_opens_nothing(
    webhook: Subscriber, receiver: Receiver, units: Units, as_: SignIn
) -> None:
    assert as_("ops").delete(f"{PATH}/{webhook.id}").status_code == 204
    paths = units(1)

    listed = as_("ops").get(f"{PATH}?limit=200").json()["items"]
    mine = next(each for each in listed if each["id"] == webhook.id)
    assert (mine["state"], mine["last"]) == ("ended", 0)
    assert webhook.ask("GET").status_code == 401
    assert paths and receiver.events == []
