"""W3C trace context: one loop is one trace, whose id follows from the loop's correlation id.

So a trace goes on without being kept anywhere: through a timer that is due in a month, and where a
booking continues an offer's loop. A `traceparent` only tells which span of the loop was the cause;
one of another trace names no parent.
"""

import hashlib
import re
from functools import lru_cache
from random import getrandbits

_FORM = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
_UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
_NOBODY = ("0" * 32, "0" * 16)
# W3C trace context 2 and OpenTelemetry's samplers: these bits of a trace id are random.
RANDOM_BITS = 56


@lru_cache(maxsize=1024)
def trace_id_of(correlation_id: str) -> str:
    """32 hexadecimal digits: the correlation id itself where it is a UUID, else its digest."""
    plain = correlation_id.replace("-", "")
    if _UUID.fullmatch(correlation_id) and plain != _NOBODY[0]:
        return plain
    return hashlib.blake2b(correlation_id.encode(), digest_size=16).hexdigest()


def new_span_id() -> str:
    """16 hexadecimal digits that nobody else has."""
    return f"{getrandbits(64) or 1:016x}"


def write(trace_id: str, span_id: str, *, sampled: bool) -> str:
    """A span as those that it causes name it."""
    return f"00-{trace_id}-{span_id}-{'01' if sampled else '00'}"


def read(traceparent: str | None) -> tuple[str, str] | None:
    """Trace and span id; None for anything that is no traceparent."""
    found = _FORM.fullmatch(traceparent or "")
    if found is None or found[1] == _NOBODY[0] or found[2] == _NOBODY[1]:
        return None
    return found[1], found[2]


def is_sampled(trace_id: str, ratio: float) -> bool:
    """Whether this trace is among the share that is kept: every service decides alike, by the id.

    What a caller wishes (the sampled flag) plays no part.
    """
    random = int(trace_id, 16) & ((1 << RANDOM_BITS) - 1)
    return random >= (1 - ratio) * (1 << RANDOM_BITS)
