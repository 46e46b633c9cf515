"""The help card as configuration: hotlines differ from city to city."""

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from services.assessment.instruments.words import Identifier, Language, Text

DEFAULT = Path(__file__).parent / "data" / "support-card.json"
CALL_ME = "/api/assessment/v1/help-requests"


class Line(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A number to call."""

    code: Identifier
    number: str
    title: Text
    note: Text


class Place(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Somewhere to go, such as the nearest hospital."""

    title: Text
    address: Text
    phone: str


class CallMe(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The button by which a person asks to be called."""

    title: Text
    note: Text


class SupportCard(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What stands on every page and in every refusal of a scale."""

    version: str
    title: Text
    message: Text
    lines: tuple[Line, ...]
    places: tuple[Place, ...] = ()
    call_me: CallMe

    def within(self, language: Language) -> dict[str, Any]:
        """The card as it goes out, in one language."""
        return {
            "version": self.version,
            "title": self.title.within(language),
            "message": self.message.within(language),
            "lines": [
                {
                    "code": line.code,
                    "number": line.number,
                    "title": line.title.within(language),
                    "note": line.note.within(language),
                }
                for line in self.lines
            ],
            "places": [
                {
                    "title": place.title.within(language),
                    "address": place.address.within(language),
                    "phone": place.phone,
                }
                for place in self.places
            ],
            "call_me": {
                "title": self.call_me.title.within(language),
                "note": self.call_me.note.within(language),
                "href": CALL_ME,
            },
        }


def read_card(path: Path | None) -> SupportCard:
    """Read a card; raises where a part is missing or no line is left."""
    card = msgspec.json.decode((path or DEFAULT).read_bytes(), type=SupportCard)
    if not card.lines:
        raise ValueError("a help card without a number to call helps nobody")
    return card
