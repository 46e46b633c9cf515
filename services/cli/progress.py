"""Lines and bars that tell what is being done and how long it took."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm


@contextmanager
def step(title: str) -> Iterator[Callable[[str], None]]:
    """Say what begins; the line ends with its time and whatever the block says."""
    print(f"  {title:<30}", end="", flush=True)
    started = time.monotonic()
    said: list[str] = []
    try:
        yield said.append
    except BaseException:
        print("failed", flush=True)
        raise
    print(f"{time.monotonic() - started:5.1f} s  {'; '.join(said)}".rstrip(), flush=True)


def say(text: str = "") -> None:
    """One line, at once."""
    print(text, flush=True)


def bar(total: int, title: str, unit: str, *, keep: bool = True) -> Any:
    """A progress bar; where nobody watches a terminal, a line now and then."""
    watched = sys.stderr.isatty()
    return tqdm(
        total=total,
        desc=f"  {title}",
        unit=f" {unit}",
        leave=keep,
        smoothing=0.05,
        mininterval=0.1 if watched else 10.0,
        ascii=None if watched else True,
    )
