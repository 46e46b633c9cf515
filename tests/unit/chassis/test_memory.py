"""What a service frees goes back to the system, and what it keeps is left alone."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
GROW_AND_FREE = """
import ctypes
from services.chassis.memory import hand_freed_memory_back

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096

{first}
block = bytearray(b"x") * (24 << 20)
del block                                # glibc now keeps blocks up to this size on its heap
blocks = [bytearray(b"x") * (4 << 20) for _ in range(5)]
before = resident()
del blocks
print(before - resident())
"""


@pytest.mark.skipif(
    sys.platform != "linux", reason="only glibc keeps freed blocks in the way that is asked about"
)
def test_freed_blocks_of_megabytes_leave_the_process() -> None:
    kept = _freed("pass")
    handed_back = _freed("hand_freed_memory_back()")

    assert handed_back > 19 << 20
    assert kept < handed_back


def test_what_stands_is_looked_through_no_more() -> None:
    program = """
import gc
import services.chassis.openapi
from services.chassis.memory import spare_what_stays
spare_what_stays()
print(len(gc.get_objects()))
"""
    assert _printed(program) < 1_000


def _freed(first: str) -> int:
    return _printed(GROW_AND_FREE.format(first=first))


def _printed(program: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    return int(done.stdout)
