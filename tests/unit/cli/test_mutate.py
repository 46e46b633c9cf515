"""Mutants: what is changed, what is left alone, and that a test which notices is noticed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from services.cli.mutate.areas import areas, examined
from services.cli.mutate.mutants import Mutant, mutants_of
from services.cli.mutate.report import share, survivors, table
from services.cli.mutate.results import EXAMINED, KILLED, SURVIVED, UNTRIED, Result, Results
from services.cli.steps import ROOT

SOURCE = '''"""A toy."""

LIMIT = 3


class Box:
    """Holds things."""

    KINDS = {"one": 1, "two": 2}

    @property
    def most(self) -> int:
        """A sentence."""
        return LIMIT


def fits(number: int) -> bool:
    """Another."""
    if number > LIMIT:
        raise ValueError("too much of it")
    return True
'''


def changes(source: str = SOURCE) -> set[tuple[str, str, str]]:
    return {(each.within, each.before, each.after) for each in mutants_of(source)}


@pytest.mark.parametrize(
    "change",
    [
        ("", "LIMIT = 3", "LIMIT = 4"),
        ("Box", 'KINDS = {"one": 1, "two": 2}', 'KINDS = {"one": 1, }'),
        ("Box", 'KINDS = {"one": 1, "two": 2}', 'KINDS = {"XXoneXX": 1, "two": 2}'),
        ("Box.most", "return LIMIT", "return None"),
        ("fits", "if number > LIMIT:", "if number >= LIMIT:"),
        ("fits", "if number > LIMIT:", "if not (number > LIMIT):"),
        ("fits", 'raise ValueError("too much of it")', "pass"),
        ("fits", "return True", "return False"),
    ],
)
def test_behaviour_is_changed_wherever_it_is_written(change: tuple[str, str, str]) -> None:
    assert change in changes()


def test_words_for_people_types_and_docstrings_are_left_alone() -> None:
    source = 'Names = dict[str, int]\n\ndef f(a: "int" = 1) -> "str | None":\n    "Docs."\n'

    assert changes(source) == {
        ("f", 'def f(a: "int" = 1) -> "str | None":', 'def f(a: "int" = 2) -> "str | None":')
    }
    assert not [each for each in changes() if "too much of it" in each[1] and "XX" in each[2]]


def test_a_mutant_knows_the_function_whose_body_it_is_in() -> None:
    found = {each.before: each.function for each in mutants_of(SOURCE)}

    assert found["return LIMIT"] == "Box.most"
    assert found["if number > LIMIT:"] == "fits"
    assert found["LIMIT = 3"] == ""


def test_a_mutant_is_the_same_wherever_its_line_moved() -> None:
    moved = SOURCE.replace("LIMIT = 3", "# A remark\nLIMIT = 3")

    assert {each.key for each in mutants_of(SOURCE)} == {each.key for each in mutants_of(moved)}


def test_every_module_and_every_test_that_an_area_names_is_there() -> None:
    for name, targets in areas().items():
        assert targets, name
        for target in targets:
            missing = [each for each in target.tests if not (ROOT / each).exists()]
            assert not missing, target.path


def test_every_survivor_that_was_examined_can_still_be_met() -> None:
    for path, before, _after in examined():
        lines = {line.strip() for line in (ROOT / path).read_text().splitlines()}
        assert lines.issuperset(before.splitlines()), f"{path}: {before}"


def test_outcomes_are_remembered_until_module_or_tests_change(tmp_path: Path) -> None:
    target = next(iter(areas().values()))[0]
    killed, survived = mutants_of(SOURCE)[:2]
    results = Results(tmp_path, target, SOURCE)
    results.add(killed, KILLED)
    results.add(survived, SURVIVED)

    again, changed = Results(tmp_path, target, SOURCE), Results(tmp_path, target, SOURCE + "\n")

    assert (again.outcome(killed), again.outcome(survived)) == (KILLED, SURVIVED)
    assert changed.outcome(killed) is None
    again.forget()
    assert Results(tmp_path, target, SOURCE).outcome(killed) is None


def test_the_report_names_survivors_and_counts_the_rest() -> None:
    target = next(iter(areas().values()))[0]
    outcomes = (KILLED, SURVIVED, EXAMINED, UNTRIED)
    found = [
        Result(target=target, mutant=mutant, outcome=outcome)
        for mutant, outcome in zip(mutants_of(SOURCE), outcomes, strict=False)
    ]

    assert len(survivors(found)) == 1
    assert share(found) == 50
    assert table({"toys": found})[-1].split() == ["all", "4", "1", "0", "1", "1", "1"]


TOY = "LIMIT = 3\n\n\ndef fits(number):\n    return number < LIMIT\n"
TOY_TEST = "from toy import fits\n\n\ndef test_it():\n    assert fits(1)\n    assert not fits(5)\n"


@pytest.mark.parametrize("early", [False, True])
def test_a_mutant_is_killed_by_a_test_that_fails_and_survives_one_that_does_not(
    tmp_path: Path, early: bool
) -> None:
    (tmp_path / "toy.py").write_text(TOY)
    (tmp_path / "test_toy.py").write_text(TOY_TEST)
    bodies = ["number <= LIMIT", "number > LIMIT", "number < LIMIT and missing"]
    mutants = [(at, "toy", "toy.py", "fits", _toy(body)) for at, body in enumerate(bodies)]
    job = {"tests": ["test_toy.py"], "early": early, "servers": None, "mutants": mutants}
    (tmp_path / "job.json").write_text(json.dumps(job))

    finished = subprocess.run(
        [sys.executable, "-m", "services.cli.mutate.forking", "job.json"],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{ROOT}:{tmp_path}"},
        capture_output=True,
        check=True,
    )

    answers = [json.loads(line) for line in finished.stdout.splitlines()]
    assert [each["outcome"] for each in answers] == ["survived", "killed", "killed"]


def _toy(body: str) -> str:
    return TOY.replace("number < LIMIT", body)


def test_a_mutant_says_where_it_is() -> None:
    mutant = Mutant(line=1, within="f", function="f", before="a", after="b", source="b\n")

    assert (
        mutant.key
        == Mutant(line=9, within="f", function="f", before="a", after="b", source="\nb\n").key
    )
