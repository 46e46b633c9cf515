"""The commands as somebody types them: a process of their own, with nothing but its settings."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def begun(settings: Mapping[str, str], *words: str) -> "subprocess.Popen[str]":
    """`./huixin` with these words."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "services.cli", *words],
        env={**settings, "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def done(settings: Mapping[str, str], *words: str) -> tuple[int, str]:
    """Its exit code and all it said."""
    process = begun(settings, *words)
    said, _ = process.communicate()
    return process.returncode, said
