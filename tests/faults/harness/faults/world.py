"""What a fault has in its hands, and what every fault is."""

import random
import threading
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.harness.city import FragileCity
from tests.faults.harness.diary import Diary
from tests.faults.harness.load.acting import People
from tests.faults.harness.outside import Outside
from tests.faults.harness.plan import Fault


@dataclass(frozen=True, slots=True)
class World:
    """One run's city, its people and its broker from outside; `over` is set when it ends."""

    city: FragileCity
    people: People
    outside: Outside
    diary: Diary
    over: threading.Event


class Trouble:
    """One kind of fault. `uses`: what no two faults may touch at once."""

    def __init__(self, world: World, fault: Fault) -> None:
        self.world, self.fault = world, fault
        self.city, self.links = world.city, world.city.links
        self.dice = random.Random(f"{fault.at}:{fault}")

    def uses(self) -> set[str]:
        """Names of what it touches."""
        return {self.fault.target}

    @abstractmethod
    def begin(self) -> None:
        """Break it."""

    def end(self) -> None:
        """Mend it; returns when it works again."""


KINDS: dict[str, type[Trouble]] = {}


def kind(name: str) -> Callable[[type[Trouble]], type[Trouble]]:
    """The name a plan calls this fault by."""

    def named(found: type[Trouble]) -> type[Trouble]:
        KINDS[name] = found
        return found

    return named
