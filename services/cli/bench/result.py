"""What a row came to: its rounds, and what they say together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.cli.bench.row import LIMIT, OURS, TARGET, Goal, Reading, Row
from services.cli.bench.statistics import median, spread

Round = Mapping[str, Reading]


@dataclass(frozen=True, slots=True)
class Result:
    """A measured row: every ratio is taken within its round, then the median of the rounds."""

    row: Row
    rounds: Sequence[Round]

    @property
    def contestants(self) -> list[str]:
        """Ours first, then the limit, then the peers."""
        first = [name for name in (OURS, LIMIT) if name in self.rounds[0]]
        return first + [name for name in self.rounds[0] if name not in first]

    def value(self, contestant: str) -> float:
        """The median of the rounds."""
        return median([each[contestant].value for each in self.rounds])

    def cpu_us(self, contestant: str) -> float | None:
        """Processor time an operation, median of the rounds that have it."""
        known = [each[contestant].cpu_us for each in self.rounds]
        found = [value for value in known if value is not None]
        return median(found) if found else None

    def notes(self, contestant: str) -> dict[str, float]:
        """The median of each note."""
        names = dict.fromkeys(name for each in self.rounds for name in each[contestant].notes)
        return {
            name: median(
                [
                    each[contestant].notes[name]
                    for each in self.rounds
                    if name in each[contestant].notes
                ]
            )
            for name in names
        }

    def ratios(self, goal: Goal) -> list[float]:
        """One for each round."""
        return [
            self.row.ratio(goal, {name: reading.value for name, reading in each.items()})
            for each in self.rounds
        ]

    def ratio(self, goal: Goal) -> float:
        """The median of the rounds."""
        return median(self.ratios(goal))

    def is_met(self, goal: Goal) -> bool:
        """Whether the median reaches it."""
        return self.ratio(goal) >= goal.ratio

    @property
    def met(self) -> bool:
        """Whether all goals are."""
        return all(self.is_met(goal) for goal in self.row.goals)

    def as_json(self) -> dict[str, Any]:
        """The row of the JSON file."""
        first = self.row.goals[0]
        others = [name for name in self.contestants if name not in (OURS, LIMIT)]
        limit = self.row.target if first.against == TARGET else None
        if LIMIT in self.contestants:
            limit = self.value(LIMIT)
        return {
            "name": self.row.name,
            "what": self.row.what,
            "ratio": self.ratio(first),
            "goal": first.ratio,
            "met": self.met,
            "unit": self.row.unit,
            "ours": self.value(OURS),
            "limit": limit,
            "limit_is": self.row.limit,
            "peers": {name: self.value(name) for name in others},
            "median": self.ratio(first),
            "spread": spread(self.ratios(first)),
            "rounds": len(self.rounds),
            "ratios": self.ratios(first),
            "goals": {
                goal.against: {
                    "ratio": self.ratio(goal),
                    "goal": goal.ratio,
                    "met": self.is_met(goal),
                    "spread": spread(self.ratios(goal)),
                }
                for goal in self.row.goals
            },
            "cpu_us_per_operation": {name: self.cpu_us(name) for name in self.contestants},
            "notes": {name: self.notes(name) for name in self.contestants},
            "values": {
                name: [each[name].value for each in self.rounds] for name in self.contestants
            },
        }
