"""CPU work beside the loop: in it, twenty password hashes would stall every request for seconds."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from eventlet import tpool

P = ParamSpec("P")
T = TypeVar("T")


def off_loop(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `work` on a real thread and wait without holding the others up."""
    result: T = tpool.execute(work, *args, **kwargs)
    return result
