"""What people are asked to agree to: one plain text a purpose, versioned."""

from functools import cached_property
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct

from services.assessment.instruments.words import Identifier, Text
from services.chassis.errors import FieldError, UnprocessableInput

DEFAULT = Path(__file__).parent / "data" / "consent.json"
SCREENING = "screening"


class UnknownPurpose(UnprocessableInput):
    """Nobody is asked to agree to that."""

    code = "unknown-purpose"


class Purpose(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """One thing to agree to. Without a required one there is no screening; others are free."""

    id: Identifier
    version: str
    required: bool = False
    title: Text
    text: Text

    @cached_property
    def text_hash(self) -> str:
        """SHA-256, in hex, of the words that were shown."""
        return sha256(msgspec.json.encode([self.title, self.text])).hexdigest()


class ConsentTexts(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Every purpose there is."""

    purposes: tuple[Purpose, ...]

    @property
    def screening(self) -> Purpose:
        """The purpose that every scale asks for."""
        return self.get(SCREENING)

    def get(self, purpose_id: str) -> Purpose:
        """The purpose of that id, or UnknownPurpose."""
        purpose = self.find(purpose_id)
        if purpose is None:
            known = ", ".join(each.id for each in self.purposes)
            fault = FieldError("purpose", f"expected one of {known}", "unknown-purpose")
            raise UnknownPurpose(errors=[fault])
        return purpose

    def find(self, purpose_id: str) -> Purpose | None:
        """The purpose of that id, if there is one."""
        return next((each for each in self.purposes if each.id == purpose_id), None)


def read_texts(path: Path) -> ConsentTexts:
    """Read the texts; raises where the one for screening is missing."""
    texts = msgspec.json.decode(path.read_bytes(), type=ConsentTexts)
    texts.get(SCREENING)
    return texts
