"""Looks at what migrations would tell PostgreSQL, with squawk and with rules of our own."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.cli.migrationlint.migration import CONTRACT, EXPAND, Migration
from services.cli.migrationlint.ours import own_faults
from services.cli.migrationlint.rules import CONTRACT_ONLY, NEVER

SQUAWK = Path(sys.executable).with_name("squawk")
OLDEST_POSTGRES = "15"
FOUND_SOMETHING = 1


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a migration."""

    migration: str
    rule: str
    said: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.migration}: {self.rule}: {self.said}\n    {self.remedy}"


def lint(migrations: Sequence[Migration]) -> list[Fault]:
    """Everything that is wrong, migration by migration."""
    squawked = _squawk(migrations)
    return [
        fault
        for each in migrations
        for fault in (*_phase(each), *_statements(each, squawked.get(each.name, [])))
    ]


def _statements(migration: Migration, squawked: list[tuple[str, str]]) -> Iterator[Fault]:
    for rule, said in (*squawked, *own_faults(migration.sql)):
        if rule in NEVER:
            yield Fault(migration.name, rule, said, NEVER[rule])
        elif rule in CONTRACT_ONLY and migration.phase != CONTRACT:
            yield Fault(migration.name, rule, said, CONTRACT_ONLY[rule])


def _phase(migration: Migration) -> Iterator[Fault]:
    """A contract step says why it may be, and comes a release after what made room for it."""
    if migration.phase not in {EXPAND, CONTRACT}:
        said = f"no phase is called {migration.phase!r}"
        yield Fault(migration.name, "phase-unknown", said, f'Say "{EXPAND}" or "{CONTRACT}".')
    if migration.phase != CONTRACT:
        return
    for word in ("reason", "rollback"):
        if not getattr(migration, word).strip():
            said = f"a contract step without {word}"
            yield Fault(migration.name, f"{word}-missing", said, f'Write {word} = "…" in it.')
    if migration.expanded_by not in migration.released:
        said = f"{migration.expanded_by or 'nothing'} is in the last release and made room for it"
        remedy = "Name in expanded_by a migration of an earlier release, or wait for one."
        yield Fault(migration.name, "contract-too-early", f"not so: {said}", remedy)


def _squawk(migrations: Sequence[Migration]) -> dict[str, list[tuple[str, str]]]:
    """(rule, message) by migration."""
    if not migrations:
        return {}
    with tempfile.TemporaryDirectory(prefix="huixin-migrations-") as name:
        files = {str(Path(name) / f"{at}.sql"): each for at, each in enumerate(migrations)}
        for path, migration in files.items():
            Path(path).write_text(migration.sql)
        found: dict[str, list[tuple[str, str]]] = {}
        for fault in _ask_squawk(list(files)):
            migration = files[fault["file"]]
            found.setdefault(migration.name, []).append((fault["rule_name"], fault["message"]))
        return found


def _ask_squawk(files: list[str]) -> list[dict[str, str]]:
    command = [str(SQUAWK), "--reporter", "json", "--pg-version", OLDEST_POSTGRES, *files]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode not in {0, FOUND_SOMETHING}:
        raise RuntimeError(f"squawk failed: {finished.stderr.strip()[-500:]}")
    answer: list[dict[str, str]] = json.loads(finished.stdout or "[]")
    return answer
