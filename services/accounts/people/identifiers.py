"""Names a person can be found by: written one way, compared by keyed digest, never in the clear."""

import re
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
MEMBER_NO = re.compile(r"[a-z0-9][a-z0-9/-]{1,31}")
MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"0\d{9,11}")
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


class IdentifierKind(StrEnum):
    """`handle`: a login or a member number, one person's only; a phone may be a family's."""

    HANDLE = "handle"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Identifier:
    """Something to look a person up by, in its normal form."""

    kind: IdentifierKind
    value: str


def normal_login(text: str) -> str:
    """Small letters, no blanks; raises ValueError."""
    value = _narrow(text).lower()
    if not LOGIN.fullmatch(value):
        raise ValueError("2 to 32 letters, digits, dots, hyphens or underscores")
    return value


def normal_member_no(text: str) -> str:
    """Letters and digits of a union member number; raises ValueError."""
    value = _narrow(text).replace(" ", "").lower()
    if not MEMBER_NO.fullmatch(value):
        raise ValueError("2 to 32 letters, digits or hyphens")
    return value


def normal_phone(text: str) -> str:
    """A Chinese mobile or landline number as `+86…`; raises ValueError."""
    digits = re.sub(r"[\s()-]", "", _narrow(text))
    digits = re.sub(r"^(\+|00)?86(?=[01]\d{9})", "", digits)
    if MOBILE.fullmatch(digits):
        return f"+86{digits}"
    if LANDLINE.fullmatch(digits):
        return f"+86{digits[1:]}"
    raise ValueError("a mobile number of 11 digits, or a landline with its area code")


def handle(text: str) -> Identifier:
    """The identifier of a normal login or member number."""
    return Identifier(IdentifierKind.HANDLE, text)


def phone(text: str) -> Identifier:
    """The identifier of a normal phone number."""
    return Identifier(IdentifierKind.PHONE, text)


def sign_in_identifiers(text: str) -> list[Identifier]:
    """What a word typed into the login field may stand for; never fails."""
    found = [handle(_narrow(text).replace(" ", "").lower()[:64])]
    with suppress(ValueError):
        found.append(phone(normal_phone(text)))
    return found


def _narrow(text: str) -> str:
    return text.translate(FULL_WIDTH).strip()
