"""Passwords: argon2id, computed beside the loop; rules that ask for length, not for oddities."""

from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Protocol

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from services.chassis.cpu import off_loop
from services.chassis.errors import FieldError, UnprocessableInput

SHORTEST, LONGEST = 10, 128
AT_ONCE = 4
TOO_COMMON = frozenset(
    {"1234567890", "0123456789", "0987654321", "qwertyuiop"}
    | {"password12", "password123", "1q2w3e4r5t", "woaini1314", "5201314520", "a123456789"}
)


class WeakPassword(UnprocessableInput):
    """The new password would be guessed."""

    code = "weak-password"


class Passwords(Protocol):
    """Makes and checks hashes."""

    def hash(self, password: str) -> str:
        """A salted hash."""
        ...

    def verify(self, stored: str | None, password: str) -> bool:
        """Whether it fits; takes as long where there is no hash."""
        ...

    def outdated(self, stored: str) -> bool:
        """Whether the hash was made with other costs than today's."""
        ...


@dataclass(frozen=True, slots=True)
class Argon2Costs:
    """Memory in KiB, passes and lanes; the defaults are OWASP's for argon2id."""

    memory: int = 19_456
    passes: int = 2
    lanes: int = 1


class Argon2Passwords:
    """argon2id on threads beside the loop, few at a time: each needs its memory and a core."""

    def __init__(self, costs: Argon2Costs) -> None:
        self._hasher = PasswordHasher(
            time_cost=costs.passes, memory_cost=costs.memory, parallelism=costs.lanes, type=Type.ID
        )
        self._nobody = self._hasher.hash("nobody's password")
        self._turns = BoundedSemaphore(AT_ONCE)

    def hash(self, password: str) -> str:
        """A salted hash in the encoded form."""
        with self._turns:
            return off_loop(self._hasher.hash, password)

    def verify(self, stored: str | None, password: str) -> bool:
        """Whether it fits; without a hash, the same work is done for nothing."""
        with self._turns:
            fits = off_loop(_fits, self._hasher, stored or self._nobody, password)
        return fits and stored is not None

    def outdated(self, stored: str) -> bool:
        """Whether the hash was made with other costs than today's."""
        return self._hasher.check_needs_rehash(stored)


def _fits(hasher: PasswordHasher, stored: str, password: str) -> bool:
    try:
        return hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def check_new_password(password: str, handles: list[str]) -> None:
    """Raise WeakPassword where it is short, common, or the login itself."""
    folded = password.casefold()
    if not SHORTEST <= len(password) <= LONGEST:
        raise _weak(f"{SHORTEST} to {LONGEST} characters", "length")
    if folded in TOO_COMMON or len(set(folded)) < 4:
        raise _weak("this one is among the first anybody would try", "common")
    if any(handle in folded for handle in handles if len(handle) > 3):
        raise _weak("it must not contain your login or member number", "contains-login")


def _weak(message: str, code: str) -> WeakPassword:
    return WeakPassword(errors=[FieldError("password", message, code)])
