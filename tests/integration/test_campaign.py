"""The campaign command against separate processes, with codes as real files have them."""

import argparse
import json
import random
from pathlib import Path

import pytest

from services.apphost import SERVICES
from services.chassis.runtime import build_runtime
from services.cli import campaign
from services.cli.demo_city.history import fill_history
from tests.support.city import City

NINE = [f"q{number}" for number in range(1, 10)]


@pytest.fixture
def a_file_of_answers(tmp_path: Path) -> Path:
    """150 rows from minimal to severe; a few refused, unknown, empty or critical codes."""
    dice = random.Random(9)
    lines = [",".join(["row", *NINE])]
    for row in range(150):
        level = row % 5 / 4
        codes = [str(min(3, max(0, round(dice.gauss(3 * level, 0.3))))) for _ in NINE]
        codes[8] = "1" if row % 10 == 0 else "0"
        if row % 11 == 0:
            codes[dice.randrange(8)] = dice.choice(["7", "9", ""])
        lines.append(",".join([str(row), *codes]))
    file = tmp_path / "answers.csv"
    file.write_text("\n".join(lines) + "\n")
    return file


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    campaign.add_arguments(parser)
    return campaign.run(parser.parse_args([*words, "--workers", "8"]))


def test_every_row_is_answered_once_and_the_statistics_agree_with_the_file(
    whole_city: City, a_file_of_answers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Without a past, groups under ten would be withheld and could not be compared.
    reporting = build_runtime(SERVICES["reporting"].load(), whole_city.settings)
    fill_history(reporting)
    reporting.close()

    code = run(str(a_file_of_answers), "--instrument", "phq9", "--url", whole_city.url)

    said = capsys.readouterr().out
    assert code == 0, said
    assert "AGREE to the last unit." in said
    assert "DISAGREE" not in said


def test_a_scale_that_an_operator_has_imported_carries_a_file_of_answers(
    whole_city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lead = whole_city.as_person("clinical-lead")
    right = {"statement": "Agreement with the holders of the scale", "confirmed": True}
    definition = json.loads((Path(__file__).parent / "bwas.json").read_text())
    made = lead.call(
        "POST", "/api/assessment/v1/instruments", {"definition": definition, "right": right}
    )
    assert made.status == 201, made.body
    dice, names = random.Random(7), [f"bwas{number}" for number in range(1, 8)]
    rows = [[str(dice.randint(1, 5)) for _ in names] for _ in range(60)]
    rows[3][2], rows[4][0], rows[5][6] = "6", "", "never"
    file = tmp_path / "workers.csv"
    file.write_text("\n".join(",".join(row) for row in [names, *rows]) + "\n")

    code = run(str(file), "--instrument", "bwas", "--url", whole_city.url)

    said = capsys.readouterr().out
    assert code == 0, said
    assert "sum of all totals" in said
    assert "DISAGREE" not in said
