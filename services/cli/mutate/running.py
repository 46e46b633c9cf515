"""A run over the chosen areas: known mutants are skipped, the others tried, and all reported."""

import argparse
import signal
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from services.cli.errors import CommandFailed
from services.cli.local.datafolder import default_data_folder, held
from services.cli.local.postgres import PrivatePostgres
from services.cli.mutate.areas import Target, areas, examined
from services.cli.mutate.mutants import Mutant, mutants_of
from services.cli.mutate.report import report
from services.cli.mutate.results import EXAMINED, SURVIVED, UNTRIED, Result, Results
from services.cli.mutate.trying import tried
from services.cli.progress import bar
from services.cli.steps import ROOT

TEST_PASSWORD = "test-only"  # noqa: S105 - what tests/support/databases.py signs in with


def run_mutants(arguments: argparse.Namespace) -> int:
    """What the command does; see its help."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    chosen = _chosen(arguments.area, arguments.only)
    with held(arguments.data or default_data_folder() / "mutate") as folder:
        modules = {each.path: _Module(folder, each) for each in _targets(chosen)}
        if arguments.again:
            for module in modules.values():
                module.results.forget()
        if not arguments.known:
            _try_all(list(modules.values()))
        found = {
            area: [result for each in targets for result in modules[each.path].found()]
            for area, targets in chosen.items()
        }
    return 0 if report(found) >= arguments.at_least else 1


class _Module:
    """One target with its mutants and what is known of them."""

    def __init__(self, folder: Path, target: Target) -> None:
        self.target = target
        source = (ROOT / target.path).read_text()
        self.mutants = mutants_of(source)
        self.results = Results(folder, target, source)

    def open(self) -> list[Mutant]:
        """What has still to be tried."""
        return [each for each in self.mutants if self.results.outcome(each) is None]

    def found(self) -> list[Result]:
        """All mutants with what became of them."""
        reasons = examined()
        return [self._result(each, reasons) for each in self.mutants]

    def _result(self, mutant: Mutant, reasons: Mapping[tuple[str, str, str], str]) -> Result:
        outcome = self.results.outcome(mutant) or UNTRIED
        why = reasons.get((self.target.path, mutant.before, mutant.after), "")
        if outcome == SURVIVED and why:
            outcome = EXAMINED
        return Result(target=self.target, mutant=mutant, outcome=outcome, why=why)


def _chosen(wanted: Sequence[str], text: str) -> dict[str, list[Target]]:
    known = areas()
    if unknown := set(wanted) - set(known):
        names = ", ".join(sorted(unknown))
        raise CommandFailed(f"There is no area «{names}»; there are {', '.join(known)}.")
    chosen = {
        name: [each for each in targets if text in each.path]
        for name, targets in known.items()
        if not wanted or name in wanted
    }
    return {name: targets for name, targets in chosen.items() if targets}


def _targets(chosen: dict[str, list[Target]]) -> Iterator[Target]:
    for targets in chosen.values():
        yield from targets


def _try_all(modules: Sequence[_Module]) -> None:
    groups: dict[tuple[str, ...], list[_Module]] = {}
    for each in modules:
        if each.open():
            groups.setdefault(each.target.tests, []).append(each)
    total = sum(len(each.open()) for each in modules)
    with ExitStack() as stack:
        needed = any(group[0].target.needs_servers for group in groups.values())
        servers = stack.enter_context(_postgres()) if needed else None
        progress = stack.enter_context(closing(bar(total, "mutants", "mutant")))
        for group in groups.values():
            _try(group, servers, progress)


def _try(group: Sequence[_Module], servers: Path | None, progress: Any) -> None:
    results = {each.target.path: each.results for each in group}
    attempts = [(module.target, mutant) for module in group for mutant in module.open()]
    for (target, mutant), outcome in tried(attempts, servers):
        results[target.path].add(mutant, outcome)
        progress.update()
        progress.set_postfix_str(target.path)


@contextmanager
def _postgres() -> Iterator[Path]:
    """A throw-away PostgreSQL for all trials, by its folder."""
    with tempfile.TemporaryDirectory(prefix="huixin-mutate-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = PrivatePostgres(folder, admin_password=TEST_PASSWORD, durable=False)
        server.start()
        try:
            yield folder
        finally:
            server.stop()
