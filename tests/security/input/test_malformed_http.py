"""Bytes that are no good HTTP are refused, close the connection, and never become two requests."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.security.input.wire import Heard, exchange, request
from tests.support.apps import App

SITES = "/api/booking/v1/sites"
SESSIONS = "/api/accounts/v1/sessions"
JSON = "application/json"
GOOD = request("GET", "/health/live")
SIGN_IN = b'{"login": "a", "password": "b"}'
HIDDEN = b"GET /health/live HTTP/1.1\r\nHost: huixin\r\n\r\n"


@pytest.fixture
def said(app: App) -> Callable[..., list[Heard]]:
    """What accounts answers to these bytes."""

    def exchanged(*requests: bytes, **options: Any) -> list[Heard]:
        return exchange(app, "accounts", *requests, **options)

    return exchanged


@pytest.mark.parametrize("length", ["-5", "abc", "+31", "1e3", "31, 31", "0x1f", "", " "])
def test_a_length_that_is_no_number_is_refused(
    said: Callable[..., list[Heard]], length: str
) -> None:
    sent = request("POST", SESSIONS, SIGN_IN, Content_Length=length, Content_Type=JSON)

    (answer, *more) = said(sent, HIDDEN)

    assert 400 <= answer.status < 500
    assert not more or more[0].status == 400


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 31\r\nContent-Length: 5",
        b"Content-Length: 31\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        b"Transfer-Encoding: xchunked",
        b"Content-Length : 31",
        b"Content-Length: 31\r\n folded",
        b"Content-Length: 31\r\nX: a\x00b",
        b"no colon",
    ],
)
def test_what_two_readers_could_read_differently_ends_the_connection(
    said: Callable[..., list[Heard]], head: bytes
) -> None:
    sent = f"POST {SESSIONS} HTTP/1.1\r\nHost: huixin\r\n".encode() + head + b"\r\n\r\n" + SIGN_IN

    (answer, *more) = said(sent, HIDDEN)

    assert answer.status in {400, 411}
    assert not more, "what followed was taken for a request of its own"


def test_a_chunked_body_is_refused_and_nothing_is_read_as_another_request(
    said: Callable[..., list[Heard]],
) -> None:
    chunked = request("POST", SESSIONS, Transfer_Encoding="chunked", Content_Type=JSON)
    chunks = b"1f\r\n" + SIGN_IN + b"\r\n0\r\n\r\n"

    (answer, *more) = said(chunked + chunks, HIDDEN)

    assert (answer.status, answer.document["code"]) == (411, "length-required")
    assert not more


def test_a_body_that_ends_early_is_refused(said: Callable[..., list[Heard]]) -> None:
    sent = request("POST", SESSIONS, SIGN_IN, Content_Length="400", Content_Type=JSON)

    answers = said(sent, ends=True)

    assert [each.status for each in answers] in ([400], [])


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /a b HTTP/1.1\r\n\r\n",
        b"G\x00T / HTTP/1.1\r\n\r\n",
        b"\xff\xfe\xfd\r\n\r\n",
    ],
)
def test_garbage_after_a_good_request_is_refused_and_the_service_lives(
    said: Callable[..., list[Heard]], garbage: bytes
) -> None:
    (first, *rest) = said(GOOD, garbage, HIDDEN)

    assert first.status == 200
    assert [each.status for each in rest] in ([], [400], [505])
    assert [each.status for each in said(GOOD)] == [200]


def test_what_is_too_long_to_be_a_request_is_refused(said: Callable[..., list[Heard]]) -> None:
    long = request("GET", f"/{'a' * 200_000}")
    wide = request("GET", "/health/live", Cookie="a" * 200_000)
    many = request("GET", "/health/live", **{f"X_{number}": "a" for number in range(5_000)})

    assert said(long)[0].status in {400, 414}
    assert said(wide)[0].status in {400, 431}
    assert said(many)[0].status in {400, 431}


@pytest.mark.parametrize("path", ["/%", "/%zz", "/%00", "/%ff%fe", "/..%2f..%2fetc", "/%2e%2e/"])
def test_odd_paths_lead_nowhere(app: App, path: str) -> None:
    for base in ("", SITES, "/api/booking/v1/cases"):
        (answer,) = exchange(app, "booking", request("GET", base + path))

        assert answer.status in {400, 404, 401}, (base, answer)


def test_a_body_over_the_limit_is_refused_unread(said: Callable[..., list[Heard]]) -> None:
    sent = request("POST", SESSIONS, Content_Length="70000", Content_Type=JSON)

    (answer,) = said(sent)

    assert (answer.status, answer.document["code"]) == (413, "body-too-large")
