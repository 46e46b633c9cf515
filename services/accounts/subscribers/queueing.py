"""Publishing copies into a subscriber's queue, with confirms."""

from services.accounts.subscribers.domain import Delivered, Failed, Outcome
from services.accounts.subscribers.usecases.deliver import Consignment, Parcel
from services.chassis.publication import Publication
from services.chassis.publisher import BrokerAway, Publisher
from services.chassis.queues import BrokerQueues, BrokerUnavailable
from services.contracts import public

CONFIRM_SECONDS = 10.0
MISSING = "queue-missing"


class QueueSender:
    """One connection of its own, for one courier."""

    def __init__(self, url: str) -> None:
        self._publisher = Publisher(url)
        self._queues = BrokerQueues(url)

    def deliver(self, consignment: Consignment) -> Outcome:
        """Up to the first that was not confirmed; a queue that was missing is made anew."""
        subscription = consignment.subscription
        through, queue = subscription.delivered, subscription.queue
        try:
            if subscription.reason == MISSING:
                self._queues.ensure(queue)
            if consignment.heartbeat and self._has_something(queue):
                return Delivered(through)
            confirmed = self._publisher.publish(
                [_publication(each, queue) for each in consignment.parcels], CONFIRM_SECONDS
            )
            if not confirmed:
                return Failed(through, MISSING)
        except (BrokerAway, BrokerUnavailable):
            return Failed(through, "broker-away")
        for parcel in consignment.parcels:
            if parcel.id not in confirmed:
                return Failed(through, "not-confirmed")
            through = through if parcel.number is None else parcel.number
        return Delivered(through)

    def keep_alive(self) -> None:
        """Answer the broker's heartbeats."""
        self._publisher.keep_alive()

    def _has_something(self, queue: str) -> bool:
        """A heartbeat behind what waits would tell a reader nothing, and push events out."""
        depth = self._queues.depth(queue)
        return depth is not None and depth[0] > 0


def _publication(parcel: Parcel, queue: str) -> Publication:
    attributes = parcel.attributes
    headers = {f"cloudEvents_{name}": value for name, value in attributes.items()}
    route = (public.EXCHANGE, queue, True)
    return Publication(parcel.id, attributes["type"], parcel.body, headers, route)
