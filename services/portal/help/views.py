"""The help card: whom to call now. It needs no service, no session and no script."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.portal.web.language import Translator

NATIONAL = ("12356", "120", "110")


@dataclass(frozen=True)
class HelpLine:
    """One number to call; `dial` is the number without spaces."""

    name: str
    number: str
    note: str

    @property
    def dial(self) -> str:
        """The number as a telephone link wants it."""
        return "".join(sign for sign in self.number if sign.isdigit() or sign == "+")


@dataclass(frozen=True)
class Hotline:
    """The city union's own line, from the settings: `name|number|hours`."""

    name: str
    number: str
    hours: str


@dataclass(frozen=True)
class HelpCard:
    """The numbers in the order a person should try them."""

    lines: tuple[HelpLine, ...]


def help_card(hotlines: Sequence[Hotline], t: Translator) -> HelpCard:
    """The national line for the mind first, then the city's own, then rescue and police."""
    mind, rescue, police = (
        HelpLine(t(f"help.line.{number}"), number, t(f"help.line_note.{number}"))
        for number in NATIONAL
    )
    own = tuple(HelpLine(line.name, line.number, line.hours) for line in hotlines)
    return HelpCard((mind, *own, rescue, police))


def read_hotlines(setting: str) -> tuple[Hotline, ...]:
    """`name|number|hours; name|number|hours`; raises ValueError for anything else."""
    found = []
    for entry in filter(None, (part.strip() for part in setting.split(";"))):
        parts = [part.strip() for part in entry.split("|")]
        if len(parts) != 3 or not any(sign.isdigit() for sign in parts[1]):
            raise ValueError(f"not name|number|hours: {entry}")
        found.append(Hotline(*parts))
    return tuple(found)
