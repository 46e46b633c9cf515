"""The words that rows, events and programs of others hold: changing one breaks what they hold."""

import inspect
import re
import tomllib
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from services.chassis.errors import ServiceError

ROOT = Path(__file__).parent.parent.parent
VOCABULARY: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("vocabulary.toml").read_text()
)
REFUSALS = r"\w*(?:Input|NotAuthenticated|NotAllowed|NotFound|Conflict|TooManyRequests|Unavailable)"
SPEAKS = re.compile(rf"^class \w+\((?:StrEnum|{REFUSALS})\):", re.MULTILINE)


def words_of(module: str) -> dict[str, Any]:
    """The values of the module's enumerations, and status and code of its refusals."""
    found: dict[str, Any] = {}
    for name, kind in inspect.getmembers(import_module(module), inspect.isclass):
        if kind.__module__ != module:
            continue
        if issubclass(kind, StrEnum):
            found[name] = [each.value for each in kind]
        elif issubclass(kind, ServiceError) and "code" in vars(kind):
            found[name] = f"{kind.status} {kind.code}"
    return found


@pytest.mark.parametrize("module", VOCABULARY)
def test_the_words_that_others_hold_stay_the_same(module: str) -> None:
    assert words_of(module) == VOCABULARY[module]


def test_every_module_with_such_words_is_listed() -> None:
    speaking = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / "services").rglob("*.py")
        if "cli" not in path.parts and SPEAKS.search(path.read_text())
    }

    assert speaking == set(VOCABULARY)
