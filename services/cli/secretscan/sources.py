"""Lines to look at: the tracked files of a repository, or all that its commits ever added."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from services.cli.errors import CommandFailed

Lines = list[tuple[int, str]]
LONGEST = 4_000
_HUNK = re.compile(r"@@ -\S+ \+(\d+)")
# Hashes by the thousand, and pictures.
_PASSED_OVER = re.compile(r"(requirements.*\.lock|\.(png|svg|woff2?|ico|xlsx))$")


def tracked_files(folder: Path) -> Iterator[tuple[str, Lines]]:
    """Each tracked text file with its numbered lines."""
    for path in _git(folder, "ls-files", "-z").split("\0"):
        if not path or _PASSED_OVER.search(path) or not (folder / path).is_file():
            continue
        content = (folder / path).read_text(errors="replace")
        lines = enumerate(content.splitlines(), start=1)
        yield path, [(number, line) for number, line in lines if len(line) <= LONGEST]


def added_in_history(folder: Path) -> Iterator[tuple[str, Lines]]:
    """Each file of each commit of each branch, with the lines it added there."""
    log = _git(folder, "log", "--all", "-p", "-U0", "--no-color", "--no-renames", "--format=")
    path, number, lines = "", 0, Lines()
    for line in log.splitlines():
        if line.startswith("+++ "):
            if lines:
                yield path, lines
            path, lines = line.removeprefix("+++ ").removeprefix("b/"), []
        elif hunk := _HUNK.match(line):
            number = int(hunk[1])
        elif line.startswith("+") and not _PASSED_OVER.search(path):
            if len(line) <= LONGEST:
                lines.append((number, line[1:]))
            number += 1
    if lines:
        yield path, lines


def _git(folder: Path, *arguments: str) -> str:
    finished = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if finished.returncode:
        raise CommandFailed(f"{folder} is no git repository that can be read.")
    return finished.stdout
