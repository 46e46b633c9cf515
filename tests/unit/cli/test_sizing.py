"""The load model: what is planned carries what is assumed; the played hour obeys theory."""

import json
import math

import pytest

from services.cli import simulate
from services.cli.errors import CommandFailed
from services.cli.sizing.model import Model, rates
from services.cli.sizing.plan import busy_seconds, plan_for
from services.cli.sizing.queues import Stage, play

CITY = 1_000_000


def a_stage(processes: int = 1, seconds: float = 0.01, load: float = 0.0) -> Stage:
    return Stage("s", processes, seconds, load)


def test_a_census_on_one_day_is_as_many_times_busier() -> None:
    slow = rates(CITY, Model.load({"demand.answers_per_person_year": 1.0}))
    fast = rates(
        CITY, Model.load({"demand.answers_per_person_year": 1.0, "demand.campaign_days": 1.0})
    )

    assert fast.answers == pytest.approx(slow.answers * 20)
    assert slow.answers == pytest.approx(CITY / 20 * 0.18 / 3600)
    assert fast.answers_year == slow.answers_year == CITY


def test_no_process_is_planned_fuller_than_allowed() -> None:
    model = Model.load({"demand.campaign_days": 1.0})
    hour = rates(10 * CITY, model)
    plan = plan_for(hour, model)

    for name, busy in busy_seconds(hour, model).items():
        assert busy / plan.replicas[name] <= model.plan["utilisation"], name
    assert all(number >= 2 for number in plan.replicas.values())
    assert plan.cores > sum(plan.replicas.values())


def test_past_the_largest_region_a_deployment_is_one_of_several() -> None:
    model = Model.load()

    one, nation = plan_for(rates(CITY, model), model), plan_for(rates(300 * CITY, model), model)

    assert (one.regions, nation.regions) == (1, 15)
    assert nation.yuan_month > one.yuan_month


def test_data_are_spread_once_one_primary_is_half_full() -> None:
    model = Model.load({"demand.campaign_days": 1.0})

    assert plan_for(rates(CITY, model), model).database_partitions == 1
    assert plan_for(rates(10 * CITY, model), model).database_partitions == 2


def test_a_lone_queue_waits_as_theory_says() -> None:
    """M/M/1 at half load: the time in the system is exponential with mean s / (1 - rho)."""
    played = play(arrivals=50.0, seconds=4_000.0, stages=[a_stage(seconds=0.01)], seed=3)

    median, high = played.whole
    mean = 0.01 / (1 - 0.5)
    assert median == pytest.approx(mean * math.log(2), rel=0.05)
    assert high == pytest.approx(mean * math.log(100), rel=0.08)


def test_more_processes_and_less_other_work_make_it_quicker() -> None:
    def whole(stage: Stage) -> float:
        return play(arrivals=80.0, seconds=500.0, stages=[stage], seed=1).whole[1]

    assert whole(a_stage(processes=2)) < whole(a_stage())
    assert whole(a_stage(processes=2)) < whole(a_stage(processes=2, load=0.5))


def test_the_same_seed_plays_the_same_hour() -> None:
    stages = [a_stage(), a_stage(processes=2)]

    assert play(20.0, 60.0, stages, seed=7) == play(20.0, 60.0, stages, seed=7)
    assert play(20.0, 60.0, stages, seed=7) != play(20.0, 60.0, stages, seed=8)


def test_the_command_says_all_of_it_to_programs(capsys: pytest.CaptureFixture[str]) -> None:
    import argparse

    parser = argparse.ArgumentParser()
    simulate.add_arguments(parser)

    assert simulate.run(parser.parse_args(["--people", "400000", "--minutes", "1", "--json"])) == 0

    (found,) = json.loads(capsys.readouterr().out)
    assert found["rates"]["people"] == 400_000
    assert found["plan"]["replicas"]["booking"] >= 2
    assert set(found["played"]["waits"]) == {"assessment", "booking", "notification"}


@pytest.mark.parametrize(
    "words", [["--set", "demand.nonsense=1"], ["--set", "demand.campaign_days"], ["--people", "0"]]
)
def test_a_wrong_wish_is_named(words: list[str]) -> None:
    import argparse

    parser = argparse.ArgumentParser()
    simulate.add_arguments(parser)

    with pytest.raises(CommandFailed):
        simulate.run(parser.parse_args([*words, "--minutes", "1"]))
