"""What was planned and played, as a table for people."""

from collections.abc import Sequence
from typing import Any


def report(found: Sequence[dict[str, Any]]) -> str:
    """A row a figure, a column a size."""
    lines = [_line("", [each["name"] for each in found])]
    for title, read in _ROWS:
        lines.append(_line(title, [read(each) for each in found]))
    return "\n".join(lines)


def _line(title: str, values: Sequence[str]) -> str:
    return f"{title:<34}" + "".join(f"{value:>16}" for value in values)


def _rate(name: str) -> Any:
    return lambda each: f"{each['rates'][name]:,.1f}"


def _planned(name: str) -> Any:
    return lambda each: f"{each['plan'][name]:,.0f}"


def _replicas(name: str) -> Any:
    return lambda each: f"{each['plan']['replicas'][name]:,}"


def _milliseconds(pair: Sequence[float]) -> str:
    return f"{pair[0] * 1000:,.0f} / {pair[1] * 1000:,.0f}"


_ROWS: tuple[tuple[str, Any], ...] = (
    ("people", lambda each: f"{each['rates']['people']:,}"),
    ("answers/s, busiest hour", _rate("answers")),
    ("crises/s", _rate("crises")),
    ("reads/s", _rate("reads")),
    ("events/s", _rate("events")),
    ("regions", _planned("regions")),
    *((f"processes: {name}", _replicas(name)) for name in (
        "assessment", "booking", "notification", "reporting", "accounts", "portal"
    )),
    ("PostgreSQL cores (without standby)", _planned("database_cores")),
    ("database partitions in a region", _planned("database_partitions")),
    ("RabbitMQ cores, three nodes each", _planned("broker_cores")),
    ("partitions of the busiest queue", _planned("queue_partitions")),
    ("cores in all", _planned("cores")),
    ("memory, GB", _planned("memory_gigabytes")),
    ("disk a year, GB (twice, standby)", _planned("disk_gigabytes_year")),
    ("yuan a month", _planned("yuan_month")),
    ("answer → offer → message, ms 50/99 %", lambda each: _milliseconds(each["played"]["whole"])),
)  # fmt: skip
