"""Trying mutants that meet the same tests: the quick way first, the thorough way for survivors."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from services.cli.errors import CommandFailed
from services.cli.mutate.areas import Target
from services.cli.mutate.mutants import Mutant
from services.cli.mutate.results import UNFIT
from services.cli.steps import ROOT

Attempt = tuple[Target, Mutant]


def tried(attempts: Sequence[Attempt], servers: Path | None) -> Iterator[tuple[Attempt, str]]:
    """Each mutant with its outcome, as soon as it is known.

    Code inside functions is swapped in place and meets the tests that run it. The rest, and what
    no test runs (it may be worked out on import), meets all tests with the module imported anew.
    """
    every = dict(enumerate(attempts))
    unfit = {at: each for at, each in every.items() if not each[1].function}
    swapped = {at: each for at, each in every.items() if each[1].function}
    for at, outcome in _answers(swapped, early=False, servers=servers):
        if outcome == UNFIT:
            unfit[at] = every[at]
        else:
            yield every[at], outcome
    for at, outcome in _answers(unfit, early=True, servers=servers):
        yield every[at], outcome


def _answers(
    attempts: dict[int, Attempt], *, early: bool, servers: Path | None
) -> Iterator[tuple[int, str]]:
    """What the tests say to these mutants; CommandFailed where they fail without any."""
    if not attempts:
        return
    target = next(iter(attempts.values()))[0]
    job = {
        "tests": target.tests,
        "early": early,
        "servers": str(servers) if target.needs_servers else None,
        "mutants": [
            (at, each.module, each.path, mutant.function, mutant.source)
            for at, (each, mutant) in attempts.items()
        ],
    }
    with tempfile.TemporaryDirectory(prefix="huixin-mutate-") as folder:
        description, said = Path(folder) / "job.json", Path(folder) / "said"
        description.write_text(json.dumps(job))
        with said.open("w") as errors, _forking(description, errors.fileno()) as process:
            for line in process.stdout or ():
                answer = json.loads(line)
                yield answer["index"], answer["outcome"]
        if process.returncode:
            tail = said.read_text()[-3000:]
            raise CommandFailed(f"Without a mutant {' '.join(target.tests)} fail:\n{tail}")


@contextmanager
def _forking(description: Path, errors: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "services.cli.mutate.forking", str(description)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )
    try:
        yield process
        process.wait()
    finally:
        process.kill()
        process.wait()
