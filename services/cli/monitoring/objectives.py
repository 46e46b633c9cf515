"""Service-level objectives as rules: error ratios over many windows, and burn-rate alerts.

Source: The Site Reliability Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts".
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SHORT, LONG = ("5m", "30m", "1h"), ("6h", "3d")


@dataclass(frozen=True, slots=True)
class Burn:
    """An alert fires where both windows burn the budget faster than `factor`."""

    name: str
    factor: float
    long: str
    short: str
    severity: str


BURNS = (
    Burn("fast", 14.4, "1h", "5m", "critical"),
    Burn("medium", 6, "6h", "30m", "critical"),
    Burn("slow", 1, "3d", "6h", "warning"),
)


@dataclass(frozen=True, slots=True)
class Objective:
    """One entry of slo.toml: what counts, and how much of it may go wrong."""

    name: str
    title: str
    objective: float
    by: tuple[str, ...]
    total: str
    good: str = ""
    bad: str = ""
    bad_too: str = ""

    @property
    def alert(self) -> str:
        """`page-soon` → `PageSoonBudgetBurns`."""
        return "".join(part.capitalize() for part in self.name.split("-")) + "BudgetBurns"

    def record(self, window: str) -> str:
        """The name of the error ratio over a window."""
        return f"slo:{self.name.replace('-', '_')}:error_ratio_{window}"

    def ratio(self, window: str) -> str:
        """The share of what went wrong, between 0 and 1; zero where nothing did."""
        total, bad = self._sum(self.total), f"{self._sum(self.bad)} or 0 * {self._sum(self.total)}"
        if self.good:
            bad = f"{total} - {self._sum(self.good)}"
        if self.bad_too:
            more = f"({self._sum(self.bad_too)} or 0 * {total})"
            bad, total = f"({bad}) + {more}", f"({total} + {more})"
        return f"({bad}) / {total}".replace("WINDOW", window)

    def _sum(self, rate: str) -> str:
        return f"sum by ({', '.join(self.by)}) ({rate})" if self.by else f"sum({rate})"


def read_objectives(path: Path) -> list[Objective]:
    """All of the file."""
    found: dict[str, dict[str, Any]] = tomllib.loads(path.read_text())
    return [
        Objective(name=name, **{**values, "by": tuple(values["by"])})
        for name, values in found.items()
    ]


def objective_groups(path: Path) -> list[dict[str, Any]]:
    """Ratios of short windows often, of long ones now and then, and the alerts on both."""
    objectives = read_objectives(path)
    return [
        {"name": "slo-short", "rules": _records(objectives, SHORT)},
        {"name": "slo-long", "interval": "2m", "rules": _records(objectives, LONG)},
        {"name": "slo-alerts", "rules": [_alert(o, b) for o in objectives for b in BURNS]},
    ]


def _records(objectives: list[Objective], windows: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {"record": each.record(window), "expr": each.ratio(window)}
        for each in objectives
        for window in windows
    ]


def _alert(objective: Objective, burn: Burn) -> dict[str, Any]:
    most = f"{burn.factor * (1 - objective.objective):.6g}"
    both = (f"{objective.record(window)} > {most}" for window in (burn.long, burn.short))
    who = " of {{ $labels.service }}" if objective.by else ""
    return {
        "alert": objective.alert,
        "expr": " and ".join(both),
        "labels": {"severity": burn.severity, "burn": burn.name},
        "annotations": {
            "summary": f"«{objective.title}» ({objective.objective:.1%}) does not hold{who}: "
            f"{{{{ $value | humanizePercentage }}}} over {burn.long}"
        },
    }
