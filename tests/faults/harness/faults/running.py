"""Breaking and mending at the times of the plan: several things at once, never one thing twice."""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack

from tests.faults.harness.faults.world import KINDS, Trouble, World
from tests.faults.harness.plan import Fault

AT_ONCE = 3
ALONE = "everything"


class Faults:
    """Runs the faults of a plan; `current` is what is broken now."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._free = threading.Condition()
        self._used: Counter[str] = Counter()
        self._running: list[str] = []
        self._threads: list[threading.Thread] = []
        self.done: Counter[str] = Counter()
        self.failures: list[str] = []

    @property
    def current(self) -> str:
        """For the progress line."""
        return ", ".join(self._running) or "nothing"

    def run(self, faults: Sequence[Fault]) -> None:
        """Until the last has been mended, or the world is over; what is broken then is mended."""
        started = time.monotonic()
        for fault in faults:
            wait = started + fault.at - time.monotonic()
            if self._world.over.wait(max(0.0, wait)):
                break
            trouble = KINDS[fault.kind](self._world, fault)
            self._claim(trouble)
            if self._world.over.is_set():
                break
            thread = threading.Thread(target=self._suffer, args=(trouble,), daemon=True)
            self._threads.append(thread)
            thread.start()
        for thread in self._threads:
            thread.join()

    def _suffer(self, trouble: Trouble) -> None:
        fault, diary = trouble.fault, self._world.diary
        try:
            with ExitStack() as mending:
                mending.callback(trouble.end)
                diary.note("broken", fault=str(fault), seconds=fault.seconds, **fault.facts)
                trouble.begin()
                if fault.kind != "crisis-without-broker":
                    self._world.over.wait(fault.seconds)
            diary.note("mended", fault=str(fault))
            self.done[fault.kind] += 1
        except Exception as error:
            diary.note("fault failed", fault=str(fault), error=repr(error)[:500])
            self.failures.append(f"{fault}: {error!r}"[:300])
        finally:
            self._release(trouble)

    def _claim(self, trouble: Trouble) -> None:
        """Wait until nobody else touches what it uses; who needs all waits for all."""
        uses = trouble.uses()
        with self._free:
            self._free.wait_for(lambda: self._world.over.is_set() or self._possible(uses))
            self._used.update(uses)
            self._running.append(str(trouble.fault))

    def _possible(self, uses: set[str]) -> bool:
        if ALONE in uses:
            return not self._running
        free = not any(self._used[each] for each in {*uses, ALONE})
        return free and len(self._running) < AT_ONCE

    def _release(self, trouble: Trouble) -> None:
        with self._free:
            self._used.subtract(trouble.uses())
            self._running.remove(str(trouble.fault))
            self._free.notify_all()

    def wake(self) -> None:
        """Somebody set the world's end."""
        with self._free:
            self._free.notify_all()
