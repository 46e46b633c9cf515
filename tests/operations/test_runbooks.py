"""Each alert has its runbook, each runbook its alert, and what it tells to type exists."""

import argparse
import re
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from services.cli.__main__ import COMMANDS
from services.cli.doctoring import broker, crisis, databases, files, mail, processes
from tests.operations.rules import DEPLOY, alerts
from tests.support.databases import Databases

FOLDER = DEPLOY / "runbooks"
BOOKS = sorted(path for path in FOLDER.glob("*.md") if path.stem != "README")
HEADS = ("What it means for people", "Look", "Do", "When to call the clinical lead")
COMMAND = re.compile(r"\./huixin ([a-z-]+)((?: [^`\s;.]+)*)")
QUERY = re.compile(r'psql "\$([A-Z]+)_DATABASE_URL" -c "([^"]+)"')


def test_alerts_and_runbooks_are_the_same_names() -> None:
    assert [path.stem for path in BOOKS] == sorted(alerts())
    for name, rules in alerts().items():
        for rule in rules:
            assert rule["annotations"]["runbook_url"] == f"deploy/runbooks/{name}.md"


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_a_runbook_says_what_it_means_how_to_look_what_to_do_and_whom_to_call(path: Path) -> None:
    words = path.read_text()

    assert words.startswith(f"# {path.stem}\n")
    assert tuple(re.findall(r"^## (.+)$", words, re.MULTILINE)) == HEADS
    for name in re.findall(r"`([A-Z][A-Za-z]+)`", words):
        assert name not in {"Case"} and (name in alerts() or name.isupper()), name


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_every_command_it_names_can_be_typed(path: Path) -> None:
    for name, words in COMMAND.findall(path.read_text()):
        assert name in COMMANDS, name
        parser = argparse.ArgumentParser(exit_on_error=False)
        import_module(f"services.cli.{name.replace('-', '_')}").add_arguments(parser)
        options = {each for action in parser._actions for each in action.option_strings}
        assert {w for w in words.split() if w.startswith("--")} <= options | {"--help"}, words


def test_every_query_it_names_is_answered(postgres: Databases) -> None:
    asked = {found for path in BOOKS for found in QUERY.findall(path.read_text())}

    assert len(asked) >= 6
    for service, query in asked:
        with create_engine(postgres.database(service.lower())).connect() as connection:
            connection.execute(text(query))


def test_the_doctor_names_only_runbooks_that_are_there() -> None:
    pattern = re.compile(r'"([A-Z][a-z]+(?:[A-Z][a-z]+)+)"')
    named = {
        name
        for module in (broker, crisis, databases, files, mail, processes)
        for name in pattern.findall(Path(module.__file__ or "").read_text())
    }

    assert len(named) > 15
    assert named <= set(alerts())
