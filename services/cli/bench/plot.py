"""The rows as a picture: each ratio beside its goal, on a scale where the goal is 1."""

from collections.abc import Sequence
from pathlib import Path

from services.cli.bench.result import Result
from services.cli.bench.row import TARGET
from services.cli.errors import CommandFailed

MET, MISSED = "#2f7d5b", "#b3402f"


def draw(results: Sequence[Result], target: Path) -> None:
    """Write it in the format its name ends with; raises CommandFailed without matplotlib."""
    try:
        import matplotlib as mpl
    except ImportError:
        raise CommandFailed("--plot needs the development dependency matplotlib.") from None
    mpl.use("Agg")
    from matplotlib import pyplot

    found = [(result, goal) for result in results for goal in result.row.goals][::-1]
    figure, axes = pyplot.subplots(figsize=(9, 1.2 + 0.45 * len(found)))
    for at, (result, goal) in enumerate(found):
        parts = [ratio / goal.ratio for ratio in result.ratios(goal)]
        colour = MET if result.is_met(goal) else MISSED
        axes.barh(at, result.ratio(goal) / goal.ratio, color=colour, alpha=0.75)
        axes.plot(parts, [at] * len(parts), "|", color="black", markersize=12)
    against = {TARGET: "target"}
    axes.set_yticks(
        range(len(found)),
        [
            f"{result.row.name} ÷ {against.get(goal.against, goal.against)} (goal {goal.ratio:g})"
            for result, goal in found
        ],
    )
    axes.axvline(1, color="black", linewidth=1)
    axes.set_xlabel("ratio ÷ goal; the line is the goal, each mark a round")
    figure.tight_layout()
    figure.savefig(target, metadata={"Date": None} if target.suffix == ".svg" else None)
    pyplot.close(figure)
