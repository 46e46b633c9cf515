"""Makes the virtual environment. Runs before anything is installed: standard library only."""

import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path


def main(venv: Path, lock: Path, stamp: str) -> int:
    """Install `lock` into `venv` and leave `stamp` there once it is complete."""
    try:
        venv.mkdir(parents=True, exist_ok=True)
        held = (venv / "huixin.lock").open("w")
    except OSError as error:
        return fail(f"The folder {venv} cannot be written: {error.strerror}.")
    with held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = venv / f"huixin-{lock.name}"
        if done.exists() and done.read_text() == stamp:
            return 0
        if not ensure_venv_module() or not make(venv):
            return 1
        if not install(venv / "bin" / "python", lock):
            return 1
        done.write_text(stamp)
    return 0


def ensure_venv_module() -> bool:
    """Debian packs `venv` apart from Python: root gets it, others are told."""
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        return True
    package = f"python3.{sys.version_info.minor}-venv"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"Installing {package} …")
        apt("update", "-q")
        if apt("install", "-y", "-q", package):
            return True
    fail(f"Python's venv module is missing. As root: apt-get install {package}")
    return False


def apt(*arguments: str) -> bool:
    """One apt-get without questions."""
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    finished = subprocess.run(
        ["apt-get", *arguments], env=environ, stdout=subprocess.DEVNULL, check=False
    )
    return finished.returncode == 0


def make(venv: Path) -> bool:
    """An environment that works, made anew where an older one does not."""
    python = venv / "bin" / "python"
    if python.exists() and works(python):
        return True
    say(f"Making the virtual environment in {venv} …")
    python.unlink(missing_ok=True)
    if subprocess.run([sys.executable, "-m", "venv", str(venv)], check=False).returncode:
        fail(f"The virtual environment could not be made in {venv}.")
        return False
    return True


def works(python: Path) -> bool:
    """Whether it starts, has pip, and is a Python we run on."""
    probe = "import sys, pip; assert (3, 11) <= sys.version_info[:2] < (3, 14)"
    return subprocess.run([python, "-c", probe], capture_output=True, check=False).returncode == 0


def install(python: Path, lock: Path) -> bool:
    """Let pip install exactly what the lock names, every file checked by its hash."""
    total = sum("==" in line for line in lock.read_text().splitlines())
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input",
               "--progress-bar=off", "--require-hashes", "-r", str(lock)]  # fmt: skip
    say(f"Installing {total} packages (the first time takes about a minute) …")
    seen: list[str] = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout or ():
            seen.append(line)
            show(line, sum(each.startswith(("Collecting", "Requirement")) for each in seen), total)
    if process.returncode:
        sys.stderr.writelines(seen[-15:])
        return not fail("\nThe packages could not be installed; the lines above say why.")
    say("Everything is installed.")
    return True


def show(line: str, count: int, total: int) -> None:
    """One line that moves on a terminal; every tenth step elsewhere."""
    if line.startswith("Installing collected"):
        say("  unpacking …")
    elif line.startswith("Collecting"):
        name = line.split()[1].split("==")[0]
        if sys.stderr.isatty():
            print(f"\r  {count:>3} of {total}  {name:<40}", end="\r", file=sys.stderr, flush=True)
        elif count % 10 == 0:
            say(f"  {count} of {total}")


def say(text: str) -> None:
    """Progress goes to the error stream: a command's output stays its own."""
    print(text, file=sys.stderr, flush=True)


def fail(text: str) -> int:
    """Say it and give the exit code."""
    say(text)
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
