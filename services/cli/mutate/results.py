"""What became of each mutant, kept between runs so that an interrupted one goes on."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from services.cli.mutate.areas import Target
from services.cli.mutate.mutants import Mutant

KILLED, SURVIVED, TIMEOUT = "killed", "survived", "timeout"
EXAMINED, UNTRIED, UNFIT = "examined", "untried", "unfit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A mutant and what became of it; `why` for survivors that were examined."""

    target: Target
    mutant: Mutant
    outcome: str
    why: str = ""


class Results:
    """One file of lines per module: a mutant's key, its outcome, and the tests it met.

    A death counts until the module changes; a survival, until a test does as well.
    """

    def __init__(self, folder: Path, target: Target, source: str) -> None:
        self._file = folder / f"{target.module}.jsonl"
        self._source = _digest([source])
        self._tests = _digest(_texts(target.tests))
        self._known = dict(self._read())

    def outcome(self, mutant: Mutant) -> str | None:
        """What is known of it."""
        return self._known.get(mutant.key)

    def add(self, mutant: Mutant, outcome: str) -> None:
        """Remember, at once."""
        self._known[mutant.key] = outcome
        line = [mutant.key, outcome, self._source, self._tests]
        with self._file.open("a") as file:
            file.write(json.dumps(line) + "\n")

    def forget(self) -> None:
        """Start anew."""
        self._known.clear()
        self._file.unlink(missing_ok=True)

    def _read(self) -> Iterable[tuple[str, str]]:
        if self._file.exists():
            for line in self._file.read_text().splitlines():
                key, outcome, source, tests = json.loads(line)
                if source == self._source and (outcome == KILLED or tests == self._tests):
                    yield key, outcome


def _texts(tests: Iterable[str]) -> list[str]:
    files = [Path(each.partition("::")[0]) for each in tests]
    return [
        path.read_text()
        for file in files
        for path in (sorted(file.rglob("*.py")) if file.is_dir() else [file])
    ]


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
