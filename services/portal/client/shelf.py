"""Things everybody may see and that rarely change, kept for a while: scales, sites, units."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

KEPT_SECONDS = 300.0
MOST_KEPT = 500


class Shelf:
    """A small cache; never for anything that belongs to a person."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._kept: OrderedDict[tuple[str, ...], tuple[float, Any]] = OrderedDict()
        self._clock = clock

    def get(self, name: tuple[str, ...], fetch: Callable[[], Any]) -> Any:
        """The kept thing, or what `fetch` brings now; what it raises is not kept."""
        found = self._kept.get(name)
        if found is not None and self._clock() - found[0] < KEPT_SECONDS:
            return found[1]
        value = fetch()
        self._kept[name] = (self._clock(), value)
        self._kept.move_to_end(name)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return value
