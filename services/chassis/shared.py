"""Answers that are the same for everybody, made once and handed out for a moment.

Only for reads whose answer depends on nothing but their key: never on who asks.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from eventlet.semaphore import Semaphore
from nameko.extensions import DependencyProvider

SECONDS = 1.0
MOST = 128


@dataclass(slots=True)
class _Kept:
    """One answer, and when the reading of it began."""

    making: Semaphore = field(default_factory=Semaphore)
    answer: bytes | None = None
    began: float = 0.0


class SharedReads:
    """At most `seconds` old, and never older than this process's last commit.

    However many ask at once, one of them reads and the others wait for it.
    """

    def __init__(
        self,
        *,
        seconds: float = SECONDS,
        most: int = MOST,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds, self._most, self._now = seconds, most, now
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()

    def get(self, key: Hashable, read: Callable[[], bytes]) -> bytes:
        """The answer under the key; `read` makes it where there is none, or an old one."""
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = _Kept()
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        answer = self._fresh(kept)
        return self._read(kept, read) if answer is None else answer

    def forget(self) -> None:
        """Something was committed: what is read from here on is read anew."""
        self._kept.clear()

    def _fresh(self, kept: _Kept) -> bytes | None:
        return kept.answer if self._now() - kept.began < self._seconds else None

    def _read(self, kept: _Kept, read: Callable[[], bytes]) -> bytes:
        with kept.making:
            answer = self._fresh(kept)
            if answer is None:
                began = self._now()
                answer = read()
                kept.answer, kept.began = answer, began
            return answer


class SharedReadsProvider(DependencyProvider):
    """Gives an entrypoint its service's shared reads."""

    def get_dependency(self, worker_ctx: object) -> SharedReads:
        """The same for every worker."""
        shared: SharedReads = self.container.runtime.shared_reads
        return shared
