"""Several test runs side by side, each with its own servers, a word before each line for each."""

import os
import subprocess
import threading
from collections.abc import Mapping, Sequence
from typing import IO

from services.cli.steps import ROOT, python

Lanes = Mapping[str, Sequence[str]]


def run_lanes(lanes: Lanes, environ: Mapping[str, str] | None = None) -> int:
    """Run pytest once per lane, at the same time; the first exit code that is not zero, or zero.

    Ctrl-C reaches every lane, since they share the terminal's process group; each ends what it
    started, and is waited for.
    """
    running = {name: _start(arguments, environ) for name, arguments in lanes.items()}
    readers = [
        threading.Thread(target=_tell, args=(name, lane.stdout)) for name, lane in running.items()
    ]
    for reader in readers:
        reader.start()
    try:
        codes = [lane.wait() for lane in running.values()]
    except KeyboardInterrupt:
        codes = [lane.wait() for lane in running.values()]
    for reader in readers:
        reader.join()
    for name, lane in running.items():
        print(f"{name}: {'passed' if lane.returncode == 0 else f'FAILED ({lane.returncode})'}")
    return next((code for code in codes if code), 0)


def _start(arguments: Sequence[str], environ: Mapping[str, str] | None) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        python("-m", "pytest", "--color=no", *arguments),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **(environ or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )


def _tell(name: str, lines: IO[str] | None) -> None:
    for line in lines or ():
        print(f"{name:<10} {line.rstrip()}", flush=True)
