"""The independent count that the campaign command compares with."""

from pathlib import Path

import pytest

from services.cli.campaigning.file import Answers, read_answers
from services.cli.campaigning.recount import recount
from services.cli.errors import CommandFailed

NINE = [f"q{number}" for number in range(1, 10)]


def a_row(**changed: object) -> Answers:
    return {**dict.fromkeys(NINE, 0), **changed}


@pytest.mark.parametrize(
    ("total", "band"),
    [(0, "minimal"), (5, "mild"), (10, "moderate"), (15, "moderately_severe"), (20, "severe")],
)
def test_each_band_begins_at_its_published_total(total: int, band: str) -> None:
    scores = [min(3, max(0, total - 3 * place)) for place in range(8)]
    tally = recount("phq9", [dict(zip(NINE, [*scores, 0], strict=True))])

    assert tally is not None
    assert tally.bands == {band: 1}


@pytest.mark.parametrize(("fours", "band"), [(3, "below"), (4, "reached")])
def test_work_addiction_is_four_items_answered_often(fours: int, band: str) -> None:
    row: Answers = {f"bwas{n}": 4 if n <= fours else 3 for n in range(1, 8)}
    tally = recount("bwas", [row, {**row, "bwas1": 0}, {**row, "bwas1": 6}])

    assert tally is not None
    assert (tally.bands, tally.totals) == ({band: 1}, 21 + fours)
    assert (tally.refused, tally.offers, tally.crisis_cases) == (2, 0, 0)


def test_a_refused_row_with_a_critical_answer_opens_a_case_and_no_offer() -> None:
    tally = recount("phq9", [a_row(q1=9, q9=1)])

    assert tally is not None
    assert (tally.refused, tally.crisis_cases, tally.offers) == (1, 1, 0)


def test_a_crisis_below_every_cut_off_is_offered_a_talk() -> None:
    tally = recount("phq9", [a_row(q9=1)])

    assert tally is not None
    assert (tally.accepted, tally.crisis_cases, tally.offers) == (1, 1, 1)


def test_codes_are_read_as_they_stand_and_empty_cells_left_out(tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_text("row,q1,q2,q3\n1,7,,x\n")

    assert read_answers(file, NINE) == [{"q1": 7, "q3": "x"}]


def test_a_file_without_answers_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_text("a,b\n1,2\n")

    with pytest.raises(CommandFailed, match="none of the columns"):
        read_answers(file, NINE)
