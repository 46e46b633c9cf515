"""One-time codes: the way to a first password, or to a new one when the old is forgotten."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.accounts.sessions.domain import Digest
from services.chassis.errors import Conflict, NotAllowed, UnprocessableInput

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without letters and digits that are mistaken for one another on paper."""


class CodePurpose(StrEnum):
    """What a code was made for."""

    FIRST_PASSWORD = "first-password"  # noqa: S105 - a purpose, no secret
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class CodeRule:
    """How long a code is, lives, and how many wrong tries it survives."""

    length: int
    lifetime: timedelta
    tries: int


RULES = {
    CodePurpose.FIRST_PASSWORD: CodeRule(10, timedelta(days=14), 20),
    CodePurpose.RESET: CodeRule(8, timedelta(minutes=30), 10),
}


class CodeNotAccepted(UnprocessableInput):
    """Wrong, used, too old, tried too often, or for nobody: nobody learns which."""

    code = "code-not-accepted"
    field = "code"
    title = "The code is not accepted; ask for a new one"


class PasswordAlreadySet(Conflict):
    """Whoever has a password resets it alone: no operator can hand out a way into the account."""

    code = "password-already-set"
    title = "The person has a password already and can reset it without you"


class SecondPersonNeeded(NotAllowed):
    """Whoever gave a role that takes two people would hold the account with the code as well."""

    code = "second-person-needed"
    title = "You gave this person the role; somebody else prints the code"


@dataclass(slots=True, kw_only=True)
class OneTimeCode:
    """The last code made for a person and purpose; only its digest is kept.

    `sent_to` is the digest of the address it was sent to; None as long as it was not.
    """

    id: UUID
    person: UUID
    purpose: CodePurpose
    digest: bytes
    expires_at: datetime
    tries_left: int
    sent_to: bytes | None = None

    def accept(self, digest: bytes, now: datetime) -> bool:
        """Whether this is the code; a wrong try is counted, and the last one ends it."""
        if now >= self.expires_at or self.tries_left <= 0:
            return False
        self.tries_left -= 1
        return hmac.compare_digest(self.digest, digest)


def new_code(
    code_id: UUID, person: UUID, purpose: CodePurpose, now: datetime, digest: Digest
) -> tuple[OneTimeCode, str]:
    """A code, and its text, which is shown or sent once."""
    rule = RULES[purpose]
    text = "".join(secrets.choice(ALPHABET) for _ in range(rule.length))
    code = OneTimeCode(
        id=code_id,
        person=person,
        purpose=purpose,
        digest=code_digest(text, person, digest),
        expires_at=now + rule.lifetime,
        tries_left=rule.tries,
    )
    return code, text


def code_digest(text: str, person: UUID, digest: Digest) -> bytes:
    """The digest of a code as typed: case, blanks and hyphens do not matter."""
    typed = "".join(character for character in text.upper() if character.isalnum())
    return digest(f"{person}:{typed}", "one-time-code")


def readable(text: str) -> str:
    """In groups, as printed."""
    half = len(text) // 2
    return f"{text[:half]}-{text[half:]}"
