"""Events that come again, late, in another order, unreadable, or beside a reader that is full."""

from tests.faults.harness.faults.world import Trouble, kind
from tests.faults.harness.outside import FULL_AT


class _AtTheBroker(Trouble):
    """Needs the broker to answer."""

    def uses(self) -> set[str]:
        return {"broker"}


@kind("repeat-events")
class RepeatEvents(_AtTheBroker):
    """What was handled long ago comes again, among what is new."""

    def begin(self) -> None:
        number = self.world.outside.send_again(self.fault.facts["events"], self.dice)
        self.world.diary.count("events sent again", number)


@kind("hold-events")
class HoldEvents(_AtTheBroker):
    """A queue's events are kept back, and come late and in another order."""

    def begin(self) -> None:
        self.world.outside.hold_back(self.fault.target)

    def end(self) -> None:
        number = self.world.outside.let_go(self.fault.target, self.dice)
        self.world.diary.count("events held back", number)


@kind("plant-unreadable")
class PlantUnreadable(_AtTheBroker):
    """Messages that are no events."""

    def begin(self) -> None:
        self.world.outside.plant_unreadable(self.fault.target, self.fault.facts["messages"])


@kind("full-subscriber")
class FullSubscriber(_AtTheBroker):
    """Another system's queue reaches its limit; ours must not notice."""

    def begin(self) -> None:
        self.world.outside.subscribe_without_reading()

    def end(self) -> None:
        depth = self.world.outside.unsubscribe()
        self.world.diary.subscriber_depths.append((depth, FULL_AT))
        self.world.diary.note("subscriber", depth=depth, limit=FULL_AT)
