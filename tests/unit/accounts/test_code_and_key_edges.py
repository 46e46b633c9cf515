"""One-time codes and signing keys at the moment they begin and stop to count."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.accounts.codes.domain import (
    ALPHABET,
    RULES,
    CodeNotAccepted,
    CodePurpose,
    CodeRule,
    OneTimeCode,
    code_digest,
    new_code,
    readable,
)
from services.accounts.keys.domain import SigningKey, choose
from tests.unit.accounts.fakes import DIGEST, HOUR, INSTANT, NINE


def a_code(**said: object) -> OneTimeCode:
    given = {
        "id": uuid4(),
        "person": uuid4(),
        "purpose": CodePurpose.RESET,
        "digest": b"right",
        "expires_at": NINE,
        "tries_left": 2,
    }
    return OneTimeCode(**{**given, **said})


def test_a_code_is_good_before_its_end_and_as_long_as_tries_are_left() -> None:
    code = a_code()

    assert not a_code().accept(b"right", NINE)
    assert a_code().accept(b"right", NINE - INSTANT)
    assert [code.accept(each, NINE - INSTANT) for each in (b"wrong", b"wrong", b"right")] == [
        False,
        False,
        False,
    ]
    assert code.tries_left == 0
    assert a_code(tries_left=1).accept(b"right", NINE - INSTANT)
    assert not a_code(tries_left=0).accept(b"right", NINE - INSTANT)


def test_the_rules_of_codes_were_decided() -> None:
    assert {
        CodePurpose.FIRST_PASSWORD: CodeRule(10, timedelta(days=14), 20),
        CodePurpose.RESET: CodeRule(8, timedelta(minutes=30), 10),
    } == RULES
    assert not set("01OIL") & set(ALPHABET) - {"L"}
    assert len(set(ALPHABET)) == len(ALPHABET) == 30


@pytest.mark.parametrize("purpose", list(CodePurpose))
def test_a_new_code_follows_its_rule_and_is_kept_as_a_digest(purpose: CodePurpose) -> None:
    number, person, rule = uuid4(), uuid4(), RULES[purpose]

    code, text = new_code(number, person, purpose, NINE, DIGEST)

    assert (len(text), set(text) <= set(ALPHABET)) == (rule.length, True)
    assert (code.id, code.person, code.purpose, code.sent_to) == (number, person, purpose, None)
    assert (code.expires_at, code.tries_left) == (NINE + rule.lifetime, rule.tries)
    assert code.digest == code_digest(text, person, DIGEST)
    assert new_code(number, person, purpose, NINE, DIGEST)[1] != text


def test_how_a_code_is_typed_does_not_matter_and_whose_it_is_does() -> None:
    person = uuid4()
    digest = code_digest("ABCD2345", person, DIGEST)

    assert code_digest(" abcd-2345 ", person, DIGEST) == digest
    assert code_digest("ABCD2346", person, DIGEST) != digest
    assert code_digest("ABCD2345", uuid4(), DIGEST) != digest
    assert digest == DIGEST(f"{person}:ABCD2345", "one-time-code")
    assert readable("ABCD2345") == "ABCD-2345"


def a_key(kid: str, days: float = 0) -> SigningKey:
    return SigningKey(kid=kid, active_from=NINE + timedelta(days=days), private=b"", public={})


def test_the_newest_key_in_use_signs() -> None:
    old, new, next_one = a_key("old", -30), a_key("new"), a_key("next", 1)

    assert choose([new, next_one, old], NINE) is new
    assert choose([next_one], NINE) is None
    assert choose([new], NINE - INSTANT) is None


def test_a_key_is_followed_after_a_month_and_published_a_day_and_an_hour_more() -> None:
    key, month = a_key("k"), timedelta(days=30)

    assert not key.needs_successor(NINE + month - INSTANT)
    assert key.needs_successor(NINE + month)
    end = NINE + month + HOUR + timedelta(days=1)
    assert key.published(end - INSTANT)
    assert not key.published(end)


def test_a_code_that_is_not_accepted_is_named_as_the_field() -> None:
    assert [each.field for each in CodeNotAccepted().errors] == ["code"]


def test_a_wrong_try_costs_one_and_leaves_the_others() -> None:
    code = a_code()

    assert not code.accept(b"wrong", NINE - INSTANT)
    assert code.accept(b"right", NINE - INSTANT)
