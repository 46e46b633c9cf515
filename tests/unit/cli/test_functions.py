"""The table of what the documents ask for names only what exists."""

import ast
from pathlib import Path

import pytest

from services.apphost import SERVICES
from services.chassis.http import HttpEntrypoint
from services.cli.__main__ import COMMANDS
from services.cli.functions.table import Function, functions
from services.contracts.catalogue import EVENTS

ROOT = Path(__file__).parent.parent.parent.parent
ALL = functions()


def routes() -> set[str]:
    found = set()
    for wired in SERVICES.values():
        service = wired.load()
        for name in dir(service):
            for each in getattr(getattr(service, name), "nameko_entrypoints", ()):
                if isinstance(each, HttpEntrypoint):
                    found.add(f"{each.method} {each.url}")
    return found


def exists(name: str, known_routes: set[str]) -> bool:
    if name.startswith("event "):
        return name.removeprefix("event ") in EVENTS
    if name.startswith("command "):
        return name.removeprefix("command ").split()[0] in COMMANDS
    return name in known_routes


def test_there_are_109_functions_numbered_without_a_gap() -> None:
    assert [each.number for each in ALL] == list(range(1, 110))


def test_everything_that_carries_a_function_exists() -> None:
    known = routes()

    wrong = [
        f"{each.number}: {name}" for each in ALL for name in each.carries if not exists(name, known)
    ]

    assert wrong == []


@pytest.mark.parametrize(
    "function", [each for each in ALL if each.tests], ids=lambda each: str(each.number)
)
def test_every_test_named_exists(function: Function) -> None:
    for node in function.tests:
        path, _, name = node.partition("::")
        names = {
            each.name
            for each in ast.walk(ast.parse((ROOT / path).read_text()))
            if isinstance(each, ast.FunctionDef)
        }
        assert name.partition("[")[0] in names, node


def test_a_function_that_is_carried_is_shown_by_a_test() -> None:
    assert [each.number for each in ALL if each.carries and not each.tests] == []
