"""The threat model names a test for each measure, and every test it names is there."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
DOCUMENT = TESTS.parent / "ARCHITECTURE.md"
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


def rows() -> list[str]:
    """The lines of the section's tables, without their heads."""
    section = DOCUMENT.read_text(encoding="utf-8").split("## Threat model")[1].split("\n## ")[0]
    tables = section.split("checks that it exists")[1]
    lines = [line for line in tables.splitlines() if line.startswith("| ")]
    return [line for line in lines if not line.startswith("| threat |")]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.split("|")[1].strip())
def test_each_measure_has_a_test_that_is_there(row: str) -> None:
    named = NAMED.findall(row.split("|")[3])

    assert named
    assert len(named) == row.split("|")[3].count("`") // 2
    for file, test in named:
        text = (TESTS / file).read_text(encoding="utf-8")
        assert re.search(rf"^\s*(async )?def {test}\(", text, re.MULTILINE), f"{file}::{test}"


def test_the_tables_were_found() -> None:
    assert len(rows()) > 40
