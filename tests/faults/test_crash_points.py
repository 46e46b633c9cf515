"""Killed between a change, its commit and its acknowledgement, nothing is lost or doubled."""

import contextlib

import pytest
import requests

from tests.support.apps import eventually
from tests.support.processes import ToyCity

ONCE = {1}


def settled(city: ToyCity) -> bool:
    made = city.marks("sender", "made")
    waiting = city.query("sender", "SELECT 1 FROM outbox WHERE sent_at IS NULL")
    read, counted = city.marks("reader", "read"), city.marks("ledger", "counted")
    return (
        bool(made) and not waiting and made.keys() <= read.keys() and made.keys() <= counted.keys()
    )


def assert_each_exactly_once(city: ToyCity) -> None:
    eventually(lambda: settled(city), within=40, what="every event took effect")
    made = city.marks("sender", "made")
    assert set(city.marks("reader", "read").values()) == ONCE
    assert set(city.marks("ledger", "counted").values()) == ONCE
    assert city.marks("reader", "read").keys() == made.keys()
    assert city.marks("ledger", "counted").keys() == made.keys()


@pytest.mark.parametrize(
    "point", ["before-commit", "after-commit", "before-publish", "published-not-marked"]
)
def test_a_sender_killed_at_each_point(city: ToyCity, point: str) -> None:
    before = len(city.marks("sender", "made"))
    city.kill("sender")
    city.start("sender", dies_at=point)
    eventually(lambda: city.serves("sender"), within=30)

    with contextlib.suppress(requests.RequestException, AssertionError):
        city.make()
    city.await_death("sender")
    kept = city.marks("sender", "made")
    assert len(kept) - before == (0 if point == "before-commit" else 1)

    city.start("sender")
    city.make()
    assert_each_exactly_once(city)
    assert len(city.marks("sender", "made")) == len(kept) + 1


@pytest.mark.parametrize(
    ("toy", "point"),
    [
        ("reader", "handler-begun"),
        ("reader", "before-commit"),
        ("reader", "after-commit"),
        ("reader", "handled-not-acknowledged"),
        ("ledger", "batch-begun"),
        ("ledger", "before-commit"),
        ("ledger", "after-commit"),
        ("ledger", "handled-not-acknowledged"),
    ],
)
def test_a_reader_killed_at_each_point(city: ToyCity, toy: str, point: str) -> None:
    city.kill(toy)
    for _ in range(5):
        city.make()

    city.start(toy, dies_at=point)
    city.await_death(toy)
    city.start(toy)

    city.make()
    assert_each_exactly_once(city)


def test_a_stopped_service_finishes_and_leaves_nothing_half_done(city: ToyCity) -> None:
    for _ in range(50):
        city.make()

    assert [city.stop(toy) for toy in ("sender", "reader", "ledger")] == [0, 0, 0]

    assert city.query("sender", "SELECT 1 FROM outbox WHERE sent_at IS NULL") == []
    city.start("sender", "reader", "ledger")
    assert_each_exactly_once(city)
