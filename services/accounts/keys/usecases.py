"""Keeping a signing key at hand, and the next one published before it is used."""

from datetime import datetime, timedelta
from uuid import UUID

from services.accounts.keys.crypto import new_signing_key, sign, sign_many
from services.accounts.keys.domain import PUBLISHED_BEFORE_USE, SigningKey, choose
from services.accounts.keys.tokens import LIFETIME, AccessToken, claims_of
from services.accounts.people.domain import Person
from services.accounts.ports import AccountsWork
from services.chassis.cpu import off_loop


def rotate_signing_keys(*, uow: AccountsWork, now: datetime) -> None:
    """Make the next key in time, and forget those nothing needs any more."""
    with uow:
        uow.signing_keys.lock()
        keys = list(uow.signing_keys.all())
        current = choose(keys, now)
        for key in keys:
            if not key.published(now) and key is not current:
                uow.signing_keys.drop(key.kid)
        if not keys:
            uow.signing_keys.add(new_signing_key(active_from=now))
        elif all(key.needs_successor(now) for key in keys):
            uow.signing_keys.add(new_signing_key(active_from=now + PUBLISHED_BEFORE_USE))
        uow.commit()


def replace_signing_keys(*, uow: AccountsWork, now: datetime, leaked: bool) -> SigningKey:
    """The next key before its time; where one leaked, all there were are believed no more."""
    with uow:
        uow.signing_keys.lock()
        keys = list(uow.signing_keys.all())
        waiting = [key for key in keys if key.active_from > now]
        for key in keys if leaked else ():
            uow.signing_keys.drop(key.kid)
        if waiting and not leaked:
            return waiting[0]
        key = new_signing_key(active_from=now if leaked else now + PUBLISHED_BEFORE_USE)
        uow.signing_keys.add(key)
        uow.commit()
    return key


def issue_token(
    person: Person, *, uow: AccountsWork, now: datetime, session: UUID | None = None
) -> AccessToken:
    """An access token within the transaction of a sign-in or refresh."""
    text = sign(signing_key(uow, now), claims_of(person, now, LIFETIME, session))
    return AccessToken(text, int(LIFETIME.total_seconds()))


def issue_tokens(
    people: list[Person], lifetime: timedelta, *, uow: AccountsWork, now: datetime
) -> list[AccessToken]:
    """Access tokens for many at once, signed beside the loop."""
    key = signing_key(uow, now)
    texts = off_loop(sign_many, key, [claims_of(person, now, lifetime) for person in people])
    return [AccessToken(text, int(lifetime.total_seconds())) for text in texts]


def signing_key(uow: AccountsWork, now: datetime) -> SigningKey:
    """The key in use; the very first one is made here."""
    key = choose(list(uow.signing_keys.all()), now)
    if key is None:
        uow.signing_keys.lock()
        key = choose(list(uow.signing_keys.all()), now)
    if key is None:
        key = new_signing_key(active_from=now)
        uow.signing_keys.add(key)
    return key
