"""What the mutants met: every survivor with its change, and a table of modules and areas."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from services.cli.mutate.results import EXAMINED, KILLED, SURVIVED, TIMEOUT, UNTRIED, Result

NOTICED = (KILLED, TIMEOUT)
COLUMNS = (KILLED, TIMEOUT, EXAMINED, SURVIVED, UNTRIED)


def report(found: Mapping[str, Sequence[Result]]) -> float:
    """Print it; returns the percentage that is killed or examined."""
    everything = [result for results in found.values() for result in results]
    print("\n".join(survivors(everything)))
    print("\n".join(table(found)))
    return share(everything)


def survivors(results: Iterable[Result]) -> list[str]:
    """The changes that no test noticed and nobody looked at."""
    return [
        "\n".join(
            [
                f"{each.target.path}:{each.mutant.line}  {each.mutant.within}",
                *(f"  - {line}" for line in each.mutant.before.splitlines()),
                *(f"  + {line}" for line in each.mutant.after.splitlines()),
            ]
        )
        for each in results
        if each.outcome == SURVIVED
    ]


def table(found: Mapping[str, Sequence[Result]]) -> list[str]:
    """A line per module, one per area, one for all."""
    lines = [f"{'':<46}{'mutants':>8}" + "".join(f"{name:>10}" for name in COLUMNS)]
    for area, results in found.items():
        for path, group in groupby(results, key=lambda each: each.target.path):
            lines.append(_row(f"  {path.removeprefix('services/')}", list(group)))
        lines.append(_row(area, results))
    lines.append(_row("all", [result for results in found.values() for result in results]))
    return lines


def share(results: Sequence[Result]) -> float:
    """How many of a hundred are killed (an endless loop is noticed too) or examined."""
    counted = sum(each.outcome in (*NOTICED, EXAMINED) for each in results)
    return 100 * counted / max(1, len(results))


def _row(title: str, results: Sequence[Result]) -> str:
    counts = Counter(each.outcome for each in results)
    cells = "".join(f"{counts[name]:>10}" for name in COLUMNS)
    return f"{title:<46}{len(results):>8}{cells}"
