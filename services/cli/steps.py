"""Named steps of a command, each with its time, stopped at by none so that all is said at once."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def run_step(title: str, command: Sequence[str], environ: Mapping[str, str] | None = None) -> bool:
    """Run one program in the repository; what it says is shown only when it fails."""
    print(f"  {title:<34}", end="", flush=True)
    started = time.monotonic()
    finished = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environ or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    passed = finished.returncode == 0
    print(f"{'ok' if passed else 'FAILED'}  {time.monotonic() - started:5.1f} s", flush=True)
    if not passed:
        print(finished.stdout.rstrip(), flush=True)
    return passed


def python(*arguments: str) -> list[str]:
    """This environment's Python with arguments."""
    return [sys.executable, *arguments]
