"""A person's tokens, signed by accounts and checked offline."""

import time
from collections import OrderedDict
from typing import Any
from uuid import UUID

import jwt
import requests
from jwt import PyJWK

from services.chassis.access import Principal, Role
from services.chassis.errors import NotAuthenticated, Unavailable

ISSUER = "huixin-accounts"
AUDIENCE = "huixin"
ALGORITHM = "ES256"
LEEWAY_SECONDS = 10
KEYS_KEPT_SECONDS = 300
UNKNOWN_KEY_PAUSE_SECONDS = 5
TOKENS_REMEMBERED = 20_000


class InvalidToken(NotAuthenticated):
    """The token is forged, expired, or meant for somebody else."""

    code = "invalid-token"
    title = "The token is not valid"


class KeysAway(Unavailable):
    """accounts has not answered since this service started, so no token can be checked."""

    code = "keys-unavailable"
    title = "Sign-in cannot be checked at the moment"


class TokenVerifier:
    """Checks access tokens against accounts' published keys, which it keeps."""

    def __init__(self, jwks_url: str) -> None:
        self._url = jwks_url
        self._keys: dict[str, PyJWK] = {}
        self._fetched_at = 0.0
        self._checked: OrderedDict[str, tuple[float, Principal]] = OrderedDict()

    def principal(self, token: str) -> Principal:
        """Who the token speaks for; raises InvalidToken, or KeysAway."""
        remembered = self._checked.get(token)
        if remembered is not None and remembered[0] > time.time():
            return remembered[1]
        claims = self._claims(token)
        principal = _principal(claims)
        self._checked[token] = (float(claims["exp"]), principal)
        if len(self._checked) > TOKENS_REMEMBERED:
            self._checked.popitem(last=False)
        return principal

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            key = self._key(str(jwt.get_unverified_header(token).get("kid", "")))
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "sub", "aud", "iss"]},
            )
        except jwt.PyJWTError as error:
            raise InvalidToken from error
        return claims

    def _key(self, kid: str) -> PyJWK:
        age = time.monotonic() - self._fetched_at
        stale = not self._fetched_at or age > KEYS_KEPT_SECONDS
        if stale or (kid not in self._keys and age > UNKNOWN_KEY_PAUSE_SECONDS):
            self._fetch()
        if kid not in self._keys:
            raise InvalidToken
        return self._keys[kid]

    def _fetch(self) -> None:
        try:
            document = requests.get(self._url, timeout=3).json()
        except (requests.RequestException, ValueError) as error:
            if not self._keys:
                raise KeysAway from error
        else:
            self._keys = {key["kid"]: PyJWK(key) for key in document["keys"]}
        self._fetched_at = time.monotonic()


def _principal(claims: dict[str, Any]) -> Principal:
    try:
        return Principal(
            person=UUID(claims["sub"]),
            roles=frozenset(Role(role) for role in claims["roles"]),
            unit=str(claims.get("unit", "")),
            temporary=bool(claims.get("temporary", False)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidToken from error
