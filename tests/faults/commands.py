"""`python -m tests.faults` as its own process, and what it found."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LONGEST = 600


def summary_of(folder: Path, kind: str, seed: int) -> Any:
    """The summary of one run of this kind (`--brief`, `--versions`); what it said is printed."""
    path = folder / "summary.json"
    command = [sys.executable, "-m", "tests.faults", kind, "--seed", str(seed)]
    said = subprocess.run(
        [*command, "--json", str(path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    print(said.stdout)
    return json.loads(path.read_text())
