"""One loop is one trace over separate processes, also where the broker or the collector is away."""

import time
from collections.abc import Callable, Iterator

import pytest

from services.chassis.traceparent import trace_id_of
from tests.support.apps import eventually
from tests.support.city import CRITICAL, City, answer_phq9, book, open_offer
from tests.support.collector import (
    Collector,
    Told,
    ancestors,
    hanging_collector,
    orphans,
    telling,
)

RESPONSES = "POST /api/assessment/v1/responses"
EVERYBODY = {"portal", "assessment", "booking", "notification", "reporting"}
OFFICERS = [f"duty{number}@mail.example" for number in (1, 2)]


@pytest.fixture(scope="module")
def collector(make_city: Callable[[], City]) -> Iterator[Collector]:
    collector = Collector()
    with telling(make_city(), collector.url):
        yield collector
    collector.stop()


def whole(collector: Collector, loop: str, *names: str) -> list[Told]:
    """The loop's spans, once these are among them and every parent is there."""

    def found() -> list[Told]:
        spans = collector.of(loop)
        missing = {*names} - {each.name for each in spans}
        return [] if missing or orphans(spans) else spans

    return eventually(found, within=30, what=f"{names}")


def roots(spans: list[Told]) -> list[Told]:
    """Where the trace begins; what waited in a table comes back with the trace alone."""
    waited = ("timer ", "publish notification.message-sent.")
    return [each for each in spans if not each.parent_id and not each.name.startswith(waited)]


def pages(city: City) -> int:
    return sum(len(city.mailbox.mails(to=each)) for each in OFFICERS)


def test_from_the_answer_to_the_statistics_all_is_one_trace_without_a_gap(
    whole_city: City, collector: Collector
) -> None:
    worker = whole_city.as_person("worker111")

    answer = answer_phq9(worker)
    offer = open_offer(worker)

    loop = answer.correlation_id
    published = "publish assessment.response-completed.v1"
    spans = whole(
        collector,
        loop,
        RESPONSES,
        "process booking.response-completed",
        "publish booking.offer-made.v1",
        "process notification.offer-changes",
        "process reporting.ledger",
    )
    (made,) = [each for each in spans if each.name == "publish booking.offer-made.v1"]
    assert {each.trace_id for each in spans} == {loop.replace("-", "")}
    assert {each.service for each in spans} == EVERYBODY
    assert [(above.service, above.name) for above in ancestors(made, spans)][:3] == [
        ("booking", "process booking.response-completed"),
        ("assessment", published),
        ("assessment", RESPONSES),
    ]
    assert {each.service for each in roots(spans)} == {"portal"}

    assert book(worker, offer).correlation_id == loop
    spans = whole(collector, loop, "publish booking.appointment-booked.v1")
    (booked,) = [each for each in spans if each.name == "publish booking.appointment-booked.v1"]
    assert {each.trace_id for each in spans} == {trace_id_of(loop)}
    assert len(booked.links) == 1


def test_a_crisis_without_a_broker_is_one_trace_up_to_the_page(
    whole_city: City, collector: Collector
) -> None:
    worker, before = whole_city.as_person("worker112"), pages(whole_city)
    whole_city.broker.kill()
    try:
        answer = answer_phq9(worker, CRITICAL)
        eventually(lambda: pages(whole_city) > before, within=60, what="a page by mail")
        spans = whole(
            collector,
            answer.correlation_id,
            "publish assessment.risk-flagged.v1",
            "process booking.risk-flagged",
            "POST /internal/v1/events",
            "process notification.case-paging",
        )
    finally:
        whole_city.broker.start()
        eventually(whole_city.settled, within=60, what="every event to be read")

    (flagged,) = [each for each in spans if each.name == "publish assessment.risk-flagged.v1"]
    handled = [each for each in spans if each.name == "process booking.risk-flagged"]
    assert flagged.attributes["huixin.posted"] is True
    assert {each.trace_id for each in spans} == {trace_id_of(answer.correlation_id)}
    assert {ancestors(each, spans)[0].span_id for each in handled} == {flagged.span_id}
    taken = [each for each in spans if each.name == "POST /internal/v1/events"]
    assert taken
    assert {ancestors(each, spans)[-1].service for each in taken} <= {"portal", "notification"}
    assert {each.service for each in roots(spans)} == {"portal"}


def test_a_collector_that_hangs_keeps_no_page_and_no_stop_waiting(whole_city: City) -> None:
    with hanging_collector() as url, telling(whole_city, url):
        worker, before = whole_city.as_person("worker113"), pages(whole_city)
        assert answer_phq9(worker, CRITICAL).status == 201
        eventually(lambda: pages(whole_city) > before, within=20, what="a page by mail")

        stopping = time.monotonic()
        for each in whole_city.services.values():
            each.terminate()
        assert {each.wait() for each in whole_city.services.values()} == {0}
        assert time.monotonic() - stopping < 20
