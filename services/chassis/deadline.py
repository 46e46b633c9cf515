"""A limit for whatever waits for somebody else, however the waiting is done."""

from collections.abc import Iterator
from contextlib import contextmanager

import eventlet


class TooLate(Exception):
    """The block did not end in time and was left."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise TooLate in the block once the time is up, unless it has ended."""
    limit = eventlet.Timeout(seconds)
    try:
        yield
    except eventlet.Timeout as expired:
        if expired is not limit:
            raise
        raise TooLate from None
    finally:
        limit.cancel()
