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
from services.cli.mutate.results import KILLED, SURVIVED, TIMEOUT
from services.cli.steps import ROOT

Attempt = tuple[Target, Mutant]


def tried(attempts: Sequence[Attempt], servers: Path | None) -> Iterator[tuple[Attempt, str]]:
    """Each mutant with its outcome, as soon as it is known.

    Code inside functions is swapped in place first; what survives that meets the tests once more
    with the module imported anew, since something may have been worked out while collecting.
    """
    left = dict(enumerate(attempts))
    for early in (False, True):
        chosen = {at: each for at, each in left.items() if early or each[1].function}
        for at, outcome in _answers(chosen, early=early, servers=servers):
            if outcome in (KILLED, TIMEOUT):
                yield left.pop(at), outcome
    yield from ((each, SURVIVED) for each in left.values())


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
                if answer["index"] >= 0:
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
