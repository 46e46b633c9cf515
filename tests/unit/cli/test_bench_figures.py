"""How the bench turns rounds into ratios, a table, a file and a picture."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.cli.bench.catalogue import ROWS, chosen
from services.cli.bench.ground import Ground
from services.cli.bench.plot import draw
from services.cli.bench.result import Result
from services.cli.bench.row import Contestant, Goal, Reading, Row, at_most
from services.cli.bench.running import _measure_all, measure
from services.cli.bench.statistics import percentile, spread
from services.cli.bench.table import table
from services.cli.errors import CommandFailed

NAMES = (
    *("bus-batched", "bus-single", "bookings", "slots", "answers"),
    *("offer-latency", "crisis-latency", "ledger-rebuild", "start", "memory"),
)


def a_row(**of_it: object) -> Row:
    fields: dict[str, object] = {
        "name": "slots",
        "what": "lists",
        "unit": "req/s",
        "goals": (Goal("limit", 0.5), Goal("nameko", 3.0)),
        "contest": no_contest,
        "limit": "bare",
    }
    return Row(**{**fields, **of_it})


@contextmanager
def no_contest(_ground: Ground) -> Iterator[Mapping[str, Contestant]]:
    yield {}


def a_round(ours: float, limit: float, nameko: float = 10.0) -> dict[str, Reading]:
    return {
        "ours": Reading(ours, cpu_us=500.0, notes={"p99 ms": ours / 10}),
        "limit": Reading(limit),
        "nameko": Reading(nameko),
    }


def contest_of(**contestants: Contestant) -> object:
    @contextmanager
    def contest(_ground: Ground) -> Iterator[Mapping[str, Contestant]]:
        yield contestants

    return contest


def test_every_row_of_the_issue_is_there() -> None:
    assert set(NAMES) <= set(ROWS)


def test_every_row_can_be_loaded_and_is_what_its_name_says() -> None:
    rows = chosen(None)

    assert [row.name for row in rows] == list(ROWS)
    assert all(row.goals and row.what for row in rows)


def test_an_unknown_row_is_named() -> None:
    with pytest.raises(CommandFailed, match="slotz"):
        chosen("slots, slotz")


def test_a_percentile_is_a_value_that_occurred() -> None:
    values = [float(number) for number in range(1, 101)]

    assert percentile(values, 0.99) == 99.0
    assert percentile(values, 0.5) == 50.0
    assert percentile([7.0], 0.99) == 7.0
    assert percentile(values, 0.0) == 1.0


def test_a_percentile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


def test_spread_is_the_range_over_the_median() -> None:
    assert spread([9.0, 10.0, 12.0]) == pytest.approx(0.3)
    assert spread([5.0]) == 0.0


def test_a_ratio_is_taken_within_its_round() -> None:
    # The machine is half as fast in the second round; the ratio is the same in both.
    result = Result(a_row(), [a_round(60, 100), a_round(30, 50)])

    assert result.ratios(Goal("limit", 0.5)) == [0.6, 0.6]
    assert result.as_json()["spread"] == 0.0


def test_a_row_is_met_only_when_all_its_goals_are() -> None:
    fast = Result(a_row(), [a_round(60, 100, nameko=10)])
    slower_than_three_namekos = Result(a_row(), [a_round(60, 100, nameko=30)])

    assert fast.met
    assert not slower_than_three_namekos.met
    assert slower_than_three_namekos.as_json()["goals"]["limit"]["met"]


def test_a_row_of_the_file_says_what_the_issue_asks_for() -> None:
    found = Result(a_row(), [a_round(60, 100), a_round(50, 100), a_round(70, 100)]).as_json()

    assert (found["name"], found["unit"], found["rounds"]) == ("slots", "req/s", 3)
    assert (found["ratio"], found["goal"], found["met"]) == (0.6, 0.5, True)
    assert (found["ours"], found["limit"], found["peers"]) == (60, 100, {"nameko": 10.0})
    assert found["spread"] == pytest.approx(20 / 60)
    assert found["notes"]["ours"] == {"p99 ms": 6.0}
    assert found["cpu_us_per_operation"] == {"ours": 500.0, "limit": None, "nameko": None}


def test_where_less_is_better_the_ratio_is_target_over_ours() -> None:
    row = a_row(name="start", **at_most(10.0))
    quick, slow = Result(row, [{"ours": Reading(4.0)}]), Result(row, [{"ours": Reading(20.0)}])

    assert quick.as_json()["ratio"] == 2.5
    assert quick.met
    assert not slow.met
    assert slow.as_json()["limit"] == 10.0


def test_the_table_has_a_line_for_each_goal() -> None:
    lines = table([Result(a_row(), [a_round(20, 100, nameko=4)])])

    assert lines[0].split() == [
        *("row", "ours", "against", "theirs", "unit", "ratio", "±", "spread", "goal", "met")
    ]
    assert lines[2].split()[:4] == ["slots", "20", "bare", "100"]
    assert lines[2].endswith("NO")
    assert lines[3].split()[0] == "nameko"
    assert lines[3].endswith("yes")


def test_contestants_take_turns_in_turned_around_order(tmp_path: Path) -> None:
    called: list[str] = []

    def of(name: str) -> Contestant:
        return lambda: called.append(name) or Reading(1.0)

    row = a_row(contest=contest_of(ours=of("ours"), limit=of("limit"), nameko=of("nameko")))
    rounds = measure(row, 3, Ground(tmp_path))

    assert called == [
        *("ours", "limit", "nameko"),
        *("nameko", "limit", "ours"),
        *("ours", "limit", "nameko"),
    ]
    assert [list(each) for each in rounds] == [["ours", "limit", "nameko"]] * 3


def test_a_row_that_breaks_does_not_take_the_others_along(tmp_path: Path) -> None:
    def breaks() -> Reading:
        raise CommandFailed("an event was lost")

    goals = (Goal("limit", 0.5),)
    good = contest_of(ours=lambda: Reading(1.0), limit=lambda: Reading(1.0))
    rows = [
        a_row(name="bad", contest=contest_of(ours=breaks), goals=goals),
        a_row(contest=good, goals=goals),
    ]
    results: list[Result] = []

    assert _measure_all(rows, 1, Ground(tmp_path), results) is True
    assert [result.row.name for result in results] == ["slots"]


def test_what_was_measured_before_an_interruption_is_kept(tmp_path: Path) -> None:
    def interrupted() -> Reading:
        raise KeyboardInterrupt

    goals = (Goal("limit", 0.5),)
    good = contest_of(ours=lambda: Reading(1.0), limit=lambda: Reading(1.0))
    rows = [
        a_row(contest=good, goals=goals),
        a_row(name="cut", contest=contest_of(ours=interrupted), goals=goals),
        a_row(name="never", contest=good, goals=goals),
    ]
    results: list[Result] = []

    assert _measure_all(rows, 1, Ground(tmp_path), results) is True
    assert [result.row.name for result in results] == ["slots"]


def test_the_picture_is_drawn(tmp_path: Path) -> None:
    target = tmp_path / "bench.svg"

    draw([Result(a_row(), [a_round(60, 100), a_round(70, 100)])], target)

    assert target.read_text().lstrip().startswith("<?xml")
