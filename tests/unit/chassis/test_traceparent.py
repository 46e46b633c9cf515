"""A trace's id follows from its loop, and its id alone decides whether it is kept."""

from ipaddress import ip_network
from uuid import uuid4

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request as Raw

from services.chassis.context import Context, enter
from services.chassis.request import Request
from services.chassis.traceparent import is_sampled, new_span_id, read, trace_id_of, write
from services.chassis.tracing import calling

SPAN = "b7ad6b7169203331"
LOOP = "0af76519-16cd-43dd-8448-eb211c80319c"
TRACE = LOOP.replace("-", "")
NOBODY = "00000000-0000-0000-0000-000000000000"


def context_of(peer: str, **headers: str) -> Context:
    environ = EnvironBuilder(headers=headers, environ_base={"REMOTE_ADDR": peer}).get_environ()
    return Request(Raw(environ), (ip_network("10.0.0.0/8"),)).context


def test_a_loop_named_by_a_uuid_is_the_trace_of_the_same_digits() -> None:
    assert trace_id_of(LOOP) == TRACE


@pytest.mark.parametrize("loop", [NOBODY, LOOP.upper(), "loop-1234", TRACE])
def test_any_other_name_of_a_loop_has_a_trace_of_its_own(loop: str) -> None:
    assert len(trace_id_of(loop)) == 32
    assert trace_id_of(loop) == trace_id_of(loop)
    assert trace_id_of(loop) not in {TRACE, "0" * 32}


def test_what_is_written_is_read() -> None:
    span = new_span_id()

    assert read(write(TRACE, span, sampled=True)) == (TRACE, span)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        f"00-{TRACE}-{SPAN}",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01\n",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
    ],
)
def test_anything_else_is_no_traceparent(text: str | None) -> None:
    assert read(text) is None


def test_a_share_of_all_loops_is_kept() -> None:
    loops = [trace_id_of(str(uuid4())) for _ in range(4_000)]

    assert 800 < sum(is_sampled(each, 0.25) for each in loops) < 1_200
    assert all(is_sampled(each, 1.0) for each in loops)
    assert not any(is_sampled(each, 0.0) for each in loops)


def test_a_stranger_names_no_cause_but_one_in_the_loop_itself() -> None:
    trace = f"00-{TRACE}-{SPAN}-01"

    assert context_of("203.0.113.1", traceparent=trace).traceparent is None
    other = context_of("203.0.113.1", **{"traceparent": trace, "Correlation-Id": str(uuid4())})
    assert other.traceparent is None
    named = context_of("203.0.113.1", **{"traceparent": trace, "Correlation-Id": LOOP})
    assert (named.correlation_id, named.traceparent) == (LOOP, trace)


def test_a_proxy_of_ours_names_a_cause_and_no_loop() -> None:
    trace = f"00-{TRACE}-{SPAN}-01"
    context = context_of("10.1.2.3", traceparent=trace)

    assert context.traceparent == trace
    assert context.correlation_id != LOOP
    assert context_of("10.1.2.3", traceparent="rubbish").traceparent is None


def test_a_call_without_tracing_passes_the_loop_and_its_cause_on() -> None:
    trace = f"00-{TRACE}-{SPAN}-01"

    enter(Context(LOOP, traceparent=trace))
    with calling(None, "GET", "booking") as call:
        assert call.headers == {"Correlation-Id": LOOP, "traceparent": trace}
    enter(Context(LOOP))
    with calling(None, "GET", "booking") as call:
        assert call.headers == {"Correlation-Id": LOOP}
