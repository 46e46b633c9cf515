"""checkov and kubernetes-validate, locked by hash, in an environment of their own.

checkov pins a hundred packages to versions of its own, so it shares none with the project. It is
made once, in the ignored folder `build`. requirements-tools.in says what is wanted; the lock beside
it is made as CONTRIBUTING.md makes the project's (requirements-installer.lock: of `uv` alone).
"""

import fcntl
import os
import subprocess
import sys
import zlib
from pathlib import Path

HERE = Path(__file__).parent
LOCK = HERE / "requirements-tools.lock"
BUILD = Path(__file__).parents[2] / "build"


def run_tool(name: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run one of the tools; what it says is kept."""
    program = tools() / "bin" / name
    environ = {**os.environ, "LOG_LEVEL": "ERROR", "PYTHONWARNINGS": "ignore"}
    return subprocess.run([program, *arguments], capture_output=True, text=True, env=environ)


def tools() -> Path:
    """The environment, made when it is missing or its lock changed."""
    folder = BUILD / f"deployment-tools-{zlib.crc32(LOCK.read_bytes()):08x}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            _make(folder)
            (folder / "complete").touch()
    return folder


def _make(folder: Path) -> None:
    """uv, then everything by uv: pip alone takes two minutes of processor time for it."""
    python = folder / "bin" / "python"
    lock = ["--no-deps", "--require-hashes", "-r", str(LOCK)]
    _run(sys.executable, "-m", "venv", "--without-pip", str(folder))
    pip = (sys.executable, "-m", "pip", "--python", str(python), "install", "-q")
    _run(*pip, "--require-hashes", "-r", str(HERE / "requirements-installer.lock"))
    by_uv = (str(folder / "bin" / "uv"), "pip", "install", "-q", "--python", str(python), *lock)
    if subprocess.run(by_uv).returncode:
        # uv reads no settings of pip's, where a site may name a registry of its own.
        _run(*pip, "--no-compile", *lock)


def _run(*command: str) -> None:
    finished = subprocess.run(command, capture_output=True, text=True)
    assert finished.returncode == 0, f"{' '.join(command)}: {finished.stdout}{finished.stderr}"
