"""What will be done to the city and when: a pure function of the seed, written down beforehand."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that breaks at `at` (seconds from the start of the load) for about `seconds`."""

    at: float
    kind: str
    target: str = ""
    seconds: float = 0.0
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return " ".join(filter(None, (self.kind, self.target)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something a person does at `at`; `dice` (0 to 1) chooses among what they find then."""

    at: float
    what: str
    who: str
    dice: float
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One run."""

    seed: int
    seconds: float
    faults: Sequence[Fault]
    deeds: Sequence[Deed]

    def write(self, path: Path) -> None:
        """As JSON."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1))
