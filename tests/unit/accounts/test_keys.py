"""Signing keys and access tokens."""

from datetime import timedelta

import jwt
from jwt import PyJWK

from services.accounts.keys.usecases import issue_token, rotate_signing_keys
from services.chassis.access import Role
from tests.unit.accounts.builders import a_city, a_member
from tests.unit.accounts.fakes import NINE, FakeWork


def test_the_next_key_is_published_before_it_is_used_and_the_last_one_after() -> None:
    uow = FakeWork()
    seen: set[str] = set()
    used: list[str] = []
    person = a_member(a_city(uow))
    now = NINE
    while now < NINE + timedelta(days=70):
        rotate_signing_keys(uow=uow, now=now)
        published = set(uow.signing_keys.stored)
        token = issue_token(person, uow=uow, now=now).text
        kid = jwt.get_unverified_header(token)["kid"]
        if kid not in used:
            assert not used or kid in seen
            used.append(kid)
        assert len(published) <= 2
        seen = published
        now += timedelta(minutes=30)

    assert len(used) == 3
    assert used[0] not in uow.signing_keys.stored


def test_rotating_again_changes_nothing() -> None:
    uow = FakeWork()

    rotate_signing_keys(uow=uow, now=NINE)
    rotate_signing_keys(uow=uow, now=NINE)

    assert len(uow.signing_keys.stored) == 1


def test_a_key_is_never_dropped_without_a_successor() -> None:
    uow = FakeWork()
    rotate_signing_keys(uow=uow, now=NINE)
    years_later = NINE + timedelta(days=3650)

    rotate_signing_keys(uow=uow, now=years_later)

    assert issue_token(a_member(uow), uow=uow, now=years_later)
    assert len(uow.signing_keys.stored) == 2


def test_a_token_says_who_and_for_which_unit() -> None:
    uow = a_city(FakeWork())
    admin = a_member(uow, "district-admin1", Role.DISTRICT_ADMIN, unit="wh/hc")

    token = issue_token(admin, uow=uow, now=NINE)

    key = next(iter(uow.signing_keys.stored.values()))
    claims = jwt.decode(
        token.text,
        PyJWK(key.public),
        algorithms=["ES256"],
        audience="huixin",
        options={"verify_exp": False},
    )
    assert claims["sub"] == str(admin.id)
    assert claims["roles"] == ["district-admin"]
    assert claims["unit"] == "wh/hc"
    assert claims["exp"] - claims["iat"] == token.expires_in == 900
    assert "temporary" not in claims
