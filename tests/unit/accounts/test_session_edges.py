"""Sessions, passwords, and the pauses after wrong ones, at the edges of what was decided."""

import base64
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.accounts.sessions.domain import EndReason, RefreshToken, Session, SessionEnded
from services.accounts.sessions.passwords import (
    Argon2Costs,
    Argon2Passwords,
    WeakPassword,
    check_new_password,
)
from services.accounts.sessions.throttling import (
    ACCOUNT,
    ADDRESS,
    Failures,
    Limit,
    TooManyFailures,
    check_pauses,
)
from tests.unit.accounts.fakes import DIGEST, HOUR, INSTANT, NINE, FakeWork


def a_session(**said: object) -> Session:
    given = {"id": uuid4(), "person": uuid4(), "started_at": NINE, "expires_at": NINE + HOUR}
    return Session(**{**given, **said})


def test_a_session_is_refreshed_until_its_end() -> None:
    session = a_session()

    assert session.rotate(0, NINE + HOUR - INSTANT)
    assert (session.generation, session.rotated_at) == (1, NINE + HOUR - INSTANT)
    assert session.rotate(1, NINE + HOUR) is False
    assert (session.ended, session.generation) == (None, 1)


def test_a_session_that_ended_keeps_its_first_reason() -> None:
    session = a_session()

    session.end(EndReason.SIGNED_OUT)
    session.end(EndReason.TOKEN_REUSED)

    assert session.ended is EndReason.SIGNED_OUT
    assert not session.rotate(0, NINE)


def test_a_token_of_the_future_or_two_rotations_ago_ends_the_session() -> None:
    for stale in (2, -1):
        session = a_session()
        session.rotate(0, NINE)

        assert session.rotate(stale, NINE) is False
        assert session.ended is EndReason.TOKEN_REUSED
    fresh = a_session()
    assert not fresh.rotate(-1, NINE)


def test_a_refresh_token_is_bound_to_length_and_signature() -> None:
    token = RefreshToken(UUID(int=7), 3)
    text = token.encode(DIGEST)

    assert RefreshToken.decode(text, DIGEST) == token
    assert "=" not in text
    longer = FakeWork().digest
    for wrong in ("", "!", "a", "ä", text + "AAAA", text[:-4], text.swapcase()):
        with pytest.raises(SessionEnded):
            RefreshToken.decode(wrong, longer)
    with pytest.raises(SessionEnded):
        RefreshToken.decode(text, lambda value, context: DIGEST(value, context + "x"))


def test_a_refresh_token_keeps_its_form_and_what_its_proof_is_bound_to() -> None:
    contexts = []

    def noting(value: str, context: str) -> bytes:
        contexts.append(context)
        return DIGEST(value, context)

    assert len(RefreshToken(UUID(int=7), 3).encode(noting)) == 70
    assert contexts == ["refresh-token"]


LIMIT = Limit(3, timedelta(seconds=10), timedelta(seconds=60), HOUR)


def pause(count: int, after: timedelta = timedelta(0), limit: Limit = LIMIT) -> float:
    return limit.pause(Failures(count, NINE), NINE + after).total_seconds()


def test_pauses_begin_after_the_free_tries_double_and_have_an_end() -> None:
    assert [pause(count) for count in (0, 2, 3, 4, 5, 6, 99)] == [0, 0, 10, 20, 40, 60, 60]
    assert LIMIT.pause(None, NINE) == timedelta(0)


def test_time_that_passed_counts_towards_the_pause() -> None:
    assert pause(4, timedelta(seconds=15)) == 5
    assert pause(4, timedelta(seconds=20)) == 0
    assert pause(4, timedelta(seconds=30)) == 0


def test_failures_are_forgotten_after_the_limit() -> None:
    long = Limit(1, 2 * HOUR, 2 * HOUR, HOUR)

    assert pause(1, HOUR - INSTANT, long) > 0
    assert pause(1, HOUR, long) == 0
    assert not LIMIT.forgotten(Failures(1, NINE), NINE + HOUR - INSTANT)
    assert LIMIT.forgotten(Failures(1, NINE), NINE + HOUR)


def test_the_limits_were_decided() -> None:
    quarter = timedelta(minutes=15)

    assert Limit(5, timedelta(seconds=30), quarter, HOUR) == ACCOUNT
    assert Limit(50, timedelta(seconds=30), quarter, HOUR) == ADDRESS


def test_the_longest_pause_is_told_in_whole_seconds() -> None:
    check_pauses([])
    check_pauses([timedelta(0)])

    with pytest.raises(TooManyFailures) as refusal:
        check_pauses([timedelta(seconds=3), timedelta(seconds=7, milliseconds=500)])

    assert refusal.value.headers == {"Retry-After": "8"}
    assert refusal.value.members == {"retry_after": 8}


def weak(password: str, *handles: str) -> str | None:
    try:
        check_new_password(password, list(handles))
    except WeakPassword as refusal:
        (error,) = refusal.errors
        assert (error.field, bool(error.message)) == ("password", True)
        return error.code
    return None


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("abcdefghi", "length"),
        ("abcdefghij", None),
        ("abcd" * 32, None),
        ("abcd" * 32 + "e", "length"),
        ("1234567890", "common"),
        ("PASSWORD123", "common"),
        ("aaaabbbbcccc", "common"),
        ("aaaabbbbcccd", None),
    ],
)
def test_a_password_is_long_and_not_among_the_first_to_be_tried(
    password: str, code: str | None
) -> None:
    assert weak(password) == code


def test_a_password_does_not_contain_the_login_unless_that_is_hardly_a_word() -> None:
    assert weak("xx-Worker1-xx", "worker1") == "contains-login"
    assert weak("xx-Worker1-xx", "other", "worker1") == "contains-login"
    assert weak("xx-Worker1-xx", "wor") is None
    assert weak("xx-Worker1-xx", "work") == "contains-login"


def test_a_hash_is_argon2id_with_the_costs_it_was_made_with() -> None:
    cheap = Argon2Passwords(Argon2Costs(memory=8, passes=1, lanes=1))
    stored = cheap.hash("a right password")

    assert stored.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert cheap.verify(stored, "a right password")
    assert not cheap.verify(stored, "a wrong password")
    assert not cheap.verify(None, "nobody's password")
    assert cheap.verify("no hash", "a right password") is False
    assert not cheap.outdated(stored)
    assert Argon2Passwords(Argon2Costs(memory=16, passes=1)).outdated(stored)


def test_the_costs_are_those_owasp_asks_for() -> None:
    assert (Argon2Costs().memory, Argon2Costs().passes, Argon2Costs().lanes) == (19_456, 2, 1)


def test_a_proof_is_good_for_its_own_token_only() -> None:
    digest = FakeWork().digest
    mine, other = (
        base64.urlsafe_b64decode(RefreshToken(UUID(int=number), 1).encode(digest) + "==")
        for number in (7, 8)
    )
    forged = base64.urlsafe_b64encode(mine[:20] + other[20:]).decode().rstrip("=")

    with pytest.raises(SessionEnded):
        RefreshToken.decode(forged, digest)


def test_a_token_keeps_its_place_however_often_it_was_renewed() -> None:
    digest = FakeWork().digest
    token = RefreshToken(UUID(int=7), 2**31)

    assert RefreshToken.decode(token.encode(digest), digest) == token


@pytest.mark.parametrize(
    "password",
    [
        "1234567890",
        "0123456789",
        "0987654321",
        "1111111111",
        "0000000000",
        "qwertyuiop",
        "password12",
        "password123",
        "1q2w3e4r5t",
        "woaini1314",
        "5201314520",
        "a123456789",
    ],
)
def test_passwords_that_everybody_tries_are_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        check_new_password(password, [])
