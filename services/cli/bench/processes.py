"""What a process has used, read from /proc: processor time and memory."""

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
MEGABYTE = 1024.0


@dataclass(frozen=True, slots=True)
class Memory:
    """MB: all resident pages, and with shared pages divided among those who share them."""

    resident: float
    proportional: float


def processor_seconds(pids: Iterable[int]) -> float:
    """User and system time of these processes so far, with that of children they waited for.

    One that has ended counts nothing here: its time is in the process that waited for it.
    """
    return sum(_seconds(pid) for pid in pids)


def memory(pid: int) -> Memory:
    """Of one process, now."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    sizes = {line.split(":")[0]: line.split()[1] for line in lines[1:]}
    return Memory(int(sizes["Rss"]) / MEGABYTE, int(sizes["Pss"]) / MEGABYTE)


def descendants(pid: int) -> list[int]:
    """The process and all that it started, as of now."""
    found = [pid]
    for each in found:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            with suppress(FileNotFoundError, ProcessLookupError):
                found += [int(child) for child in task.read_text().split()]
    return found


def _seconds(pid: int) -> float:
    # The name, in brackets, may hold spaces; what follows it does not.
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(int(fields[at]) for at in (11, 12, 13, 14)) / TICKS
