"""What is mutated, and which tests should notice: `areas.toml`, read."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.cli.steps import ROOT

FILE = Path(__file__).with_name("areas.toml")
EXAMINED = Path(__file__).with_name("examined.toml")
QUICK = "tests/unit/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One module, and the tests every mutant of it meets until one fails: quick ones first."""

    path: str
    tests: tuple[str, ...]

    @property
    def module(self) -> str:
        """Its name when imported."""
        return self.path.removesuffix(".py").replace("/", ".")

    @property
    def needs_servers(self) -> bool:
        """Whether its tests ask for PostgreSQL."""
        return not all(each.startswith(QUICK) for each in self.tests)


def areas() -> dict[str, list[Target]]:
    """The modules of each area."""
    document = tomllib.loads(FILE.read_text())
    everywhere = document.pop("everywhere")
    return {
        area: [each for group in groups for each in _targets(group, everywhere)]
        for area, groups in document.items()
    }


def examined() -> Mapping[tuple[str, str, str], str]:
    """Survivors that somebody looked at: module, lines before, lines after, and the reason."""
    document = tomllib.loads(EXAMINED.read_text())
    return {
        (path, each["before"], after): each["why"]
        for path, survivors in document.items()
        for each in survivors
        for after in each["after"]
    }


def _targets(group: Mapping[str, Any], everywhere: Sequence[str]) -> Iterator[Target]:
    for pattern in group["modules"]:
        for glob in _alternatives(pattern):
            for path in sorted(ROOT.glob(glob)):
                if path.name != "__init__.py":
                    name = str(path.relative_to(ROOT))
                    yield Target(path=name, tests=(*group["tests"], *everywhere))


def _alternatives(pattern: str) -> list[str]:
    found = re.search(r"\{(.+?)\}", pattern)
    return [pattern.replace(found[0], each) for each in found[1].split(",")] if found else [pattern]
