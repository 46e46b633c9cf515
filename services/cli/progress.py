"""Lines that tell what is being done and how long it took."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


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
