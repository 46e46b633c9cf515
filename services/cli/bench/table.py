"""The rows as a table of a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.cli.bench.result import Result
from services.cli.bench.row import OURS, TARGET, Goal
from services.cli.bench.statistics import spread

HEADINGS = ("row", "ours", "against", "theirs", "unit", "ratio", "± spread", "goal", "met")


def table(results: Sequence[Result]) -> list[str]:
    """A line for each goal of each row, the columns as wide as they need to be."""
    lines = [HEADINGS, *(line for each in results for line in _lines(each))]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    shown = [_line(line, widths) for line in lines]
    shown.insert(1, "  ".join("─" * width for width in widths))
    return [*shown, "", *_processor_lines(results)]


def machine_lines(machine: Mapping[str, Any]) -> list[str]:
    """The machine in a few words."""
    postgres = machine.get("postgresql", {})
    programs = [f"Python {machine['python']}", f"kernel {machine['kernel']}"]
    if postgres:
        programs.append(
            f"PostgreSQL {postgres['server_version']} (fsync {postgres['fsync']}, "
            f"synchronous_commit {postgres['synchronous_commit']}, "
            f"shared_buffers {postgres['shared_buffers']})"
        )
    programs.append(f"RabbitMQ {machine['rabbitmq']}")
    return [
        f"{machine['cpu']}, {machine['cores']} cores, {machine['ram_gb']} GB; disk "
        f"{machine['disk']}, one fsync {machine['fsync_ms']} ms; load before "
        f"{machine['load_before']}",
        ", ".join(programs),
        ", ".join(f"{name} {found}" for name, found in machine["libraries"].items()),
    ]


def number(value: float) -> str:
    """Three figures, or whole numbers from a hundred up."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _lines(result: Result) -> Iterator[tuple[str, ...]]:
    for at, goal in enumerate(result.row.goals):
        target = goal.against == TARGET
        theirs = result.row.target or 0.0 if target else result.value(goal.against)
        yield (
            "" if at else result.row.name,
            "" if at else number(result.value(OURS)),
            _against(result, goal),
            number(theirs),
            result.row.unit,
            f"{result.ratio(goal):.2f}",
            f"{spread(result.ratios(goal)):.0%}",
            f"≥ {goal.ratio:g}",
            "yes" if result.is_met(goal) else "NO",
        )


def _against(result: Result, goal: Goal) -> str:
    if goal.against == TARGET:
        return "at most (target ÷ ours)"
    return result.row.limit if goal.against == "limit" and result.row.limit else goal.against


def _processor_lines(results: Sequence[Result]) -> Iterator[str]:
    for result in results:
        spent = [(name, result.cpu_us(name)) for name in result.contestants]
        shown = [f"{name} {us:.0f} µs" for name, us in spent if us is not None]
        if shown:
            yield f"{result.row.name}: processor time an operation: {', '.join(shown)}"
        for name in result.contestants:
            if notes := result.notes(name):
                told = ", ".join(f"{key} {number(value)}" for key, value in notes.items())
                yield f"{result.row.name}, {name}: {told}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
