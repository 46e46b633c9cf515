"""The functions of the source documents as data, and what carries each."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Function:
    """One function, process, role, form or number a document asks for.

    `carries` names routes (`POST /api/…`), pages (`GET /duty`), events (`event booking.….v1`)
    and commands (`command campaign`); `tests` names pytest nodes; `missing` says what is not
    there yet. A function nothing carries is absent.
    """

    number: int
    source: str
    owners: tuple[str, ...]
    title: str
    text: str
    carries: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    missing: str = ""

    @property
    def state(self) -> str:
        """`works`, `partly` or `absent`."""
        if not self.carries:
            return "absent"
        return "partly" if self.missing else "works"


def functions() -> list[Function]:
    """All of them, in the order of the documents."""
    carried = tomllib.loads((HERE / "carried.toml").read_text(encoding="utf-8"))
    lines = (HERE / "functions.tsv").read_text(encoding="utf-8").splitlines()
    return [_function(line.split("\t"), carried) for line in lines]


def _function(cells: list[str], carried: dict[str, dict[str, object]]) -> Function:
    number, source, owners, title, text = cells
    found = carried.get(number, {})
    return Function(
        number=int(number),
        source=source,
        owners=tuple(owners.split()),
        title=title,
        text=text,
        carries=_words(found.get("carries")),
        tests=_words(found.get("tests")),
        missing=str(found.get("missing", "")),
    )


def _words(value: object) -> tuple[str, ...]:
    return tuple(str(word) for word in value) if isinstance(value, list) else ()
