"""`offer-latency` and `crisis-latency`: how long the loop takes while a whole city is answering."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count

from services.cli.bench.ground import Ground
from services.cli.bench.row import OURS, Contest, Contestant, Reading, Row, at_most
from services.cli.bench.statistics import percentile
from services.cli.bench.wholecity import LoopRun, whole_city


def contest_of(figures: Callable[[LoopRun], Sequence[float]], scale: float) -> Contest:
    """The p99 of a run's figures, times `scale`; both rows read the same runs."""

    @contextmanager
    def contest(ground: Ground) -> Iterator[Mapping[str, Contestant]]:
        whole, numbers = whole_city(ground), count()

        def read() -> Reading:
            run = whole.run(next(numbers))
            found = [each * scale for each in figures(run)]
            return Reading(percentile(found, 0.99), notes={**_notes(found), **_of_the_run(run)})

        try:
            yield {OURS: read}
        finally:
            whole.stop()

    return contest


def _notes(found: Sequence[float]) -> dict[str, float]:
    return {"p50": percentile(found, 0.5), "worst": max(found), "samples": float(len(found))}


def _of_the_run(run: LoopRun) -> dict[str, float]:
    outcome = run.outcome
    busy = {f"{who} % of a core": part for who, part in run.busy.items()}
    return {
        "answers/s": run.rate,
        "answer p99 ms": percentile(outcome.latencies, 0.99) * 1000,
        "offers later than 30 s": float(run.late),
        "looks for an offer": outcome.looks / len(run.offers),
        **busy,
    }


OFFER = Row(
    name="offer-latency",
    what="answer → offer in the worker's list, p99, 100 answers/s arrive, 10 lead to an offer",
    unit="ms",
    contest=contest_of(lambda run: run.offers, 1000),
    **at_most(250.0),
)
CRISIS = Row(
    name="crisis-latency",
    what="crisis answer → page received by the mail server, p99, 4 of the same 100 answers/s",
    unit="s",
    contest=contest_of(lambda run: run.pages, 1),
    **at_most(2.0),
)
