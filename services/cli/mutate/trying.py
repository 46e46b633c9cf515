"""Trying the mutants of one module: the quick way first, the thorough way for what survives it."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from services.cli.errors import CommandFailed
from services.cli.mutate.areas import Target
from services.cli.mutate.mutants import Mutant
from services.cli.mutate.results import KILLED, SURVIVED, TIMEOUT
from services.cli.steps import ROOT


def tried(
    target: Target, mutants: Sequence[Mutant], servers: Path | None
) -> Iterator[tuple[Mutant, str]]:
    """Each mutant with its outcome, as soon as it is known.

    Code inside functions is swapped in place first; what survives that meets the tests once more
    with the module imported anew, since something may have been worked out while collecting.
    """
    left = {each.key: each for each in mutants}
    stages = [
        (False, target.tests),
        (False, target.then),
        (True, target.tests),
        (True, target.then),
    ]
    for early, tests in stages:
        chosen = [each for each in left.values() if early or each.function]
        for mutant, outcome in _stage(target, chosen, tests, early=early, servers=servers):
            if outcome in (KILLED, TIMEOUT):
                del left[mutant.key]
                yield mutant, outcome
    yield from ((each, SURVIVED) for each in left.values())


def _stage(
    target: Target,
    mutants: Sequence[Mutant],
    tests: Sequence[str],
    *,
    early: bool,
    servers: Path | None,
) -> Iterator[tuple[Mutant, str]]:
    """What these tests say to these mutants; CommandFailed where they fail without any."""
    if not mutants or not tests:
        return
    job = {
        "module": target.module,
        "path": target.path,
        "tests": list(tests),
        "early": early,
        "servers": str(servers) if target.served(tests) else None,
        "mutants": [(index, each.source, each.function) for index, each in enumerate(mutants)],
    }
    with tempfile.TemporaryDirectory(prefix="huixin-mutate-") as folder:
        description, said = Path(folder) / "job.json", Path(folder) / "said"
        description.write_text(json.dumps(job))
        with said.open("w") as errors, _forking(description, errors.fileno()) as process:
            for line in process.stdout or ():
                answer = json.loads(line)
                if answer["index"] >= 0:
                    yield mutants[answer["index"]], answer["outcome"]
        if process.returncode:
            tail = said.read_text()[-3000:]
            raise CommandFailed(f"Without a mutant the tests of {target.path} fail:\n{tail}")


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
