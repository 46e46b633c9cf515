"""Where subscriptions meet the broker, the webhooks and the threads that deliver."""

from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import eventlet
from nameko.extensions import DependencyProvider, SharedExtension

from services.accounts.settings import AccountsSettings
from services.accounts.subscribers.courier import Courier
from services.accounts.subscribers.domain import DeliveryKind
from services.accounts.subscribers.ports import Queues
from services.accounts.subscribers.queueing import QueueSender
from services.accounts.subscribers.webhook import WebhookSender
from services.accounts.wiring import AccountsUnitOfWork
from services.chassis.queues import BrokerQueues
from services.chassis.runtime import Runtime, WakeUp

WEBHOOK_COURIERS = 4
STOP_SECONDS = 10.0


class QueuesProvider(DependencyProvider):
    """Gives an entrypoint the broker's queues."""

    def get_dependency(self, worker_ctx: object) -> Queues:
        """Over this service's broker user."""
        return BrokerQueues(self.container.runtime.settings.amqp_url)


class Dispatch(SharedExtension):
    """Runs the couriers for as long as the service runs."""

    def setup(self) -> None:
        """Build them; a webhook that hangs holds up neither queues nor three others."""
        self.wake = WakeUp()
        self.couriers = build_couriers(self.container.runtime, self.wake)

    def start(self) -> None:
        """Start their threads."""
        spawn = self.container.spawn_managed_thread
        self._threads: list[Any] = [
            spawn(each.run, identifier=f"courier-{each.kind}") for each in self.couriers
        ]

    def stop(self) -> None:
        """Finish what is in hand; whatever is claimed is due again when its lease ends."""
        for each in self.couriers:
            each.stopping = True
        self.wake.call()
        with eventlet.Timeout(STOP_SECONDS, exception=False):
            for thread in self._threads:
                thread.wait()


class Bell:
    """A worker's own: what it rings is heard once its change is committed."""

    rung = False

    def call(self) -> None:
        """There may be something to deliver."""
        self.rung = True


class CouriersProvider(DependencyProvider):
    """Gives each worker a bell, and wakes the couriers after a worker that rang it."""

    dispatch = Dispatch()

    def setup(self) -> None:
        """No worker has a bell yet."""
        self._bells: WeakKeyDictionary[Any, Bell] = WeakKeyDictionary()

    def get_dependency(self, worker_ctx: Any) -> Bell:
        """The worker's own bell."""
        return self._bells.setdefault(worker_ctx, Bell())

    def worker_result(self, worker_ctx: Any, result: Any = None, exc_info: Any = None) -> None:
        """A worker ended; one that failed has stored nothing."""
        bell = self._bells.pop(worker_ctx, None)
        if bell is not None and bell.rung and exc_info is None:
            self.dispatch.wake.call()


def build_couriers(runtime: Runtime, wake: WakeUp) -> list[Courier]:
    """One for queues, with a connection that keeps alive; several for webhooks."""
    settings = runtime.settings
    assert isinstance(settings, AccountsSettings)  # noqa: S101  # the service class says so

    def new_work() -> AccountsUnitOfWork:
        return AccountsUnitOfWork(runtime.transaction(), runtime.keyring)

    courier = partial(
        Courier,
        new_work=new_work,
        wake=wake,
        heartbeat=settings.subscription_heartbeat,
    )
    queue = QueueSender(settings.amqp_url)
    webhook = WebhookSender(settings.webhook_networks)
    return [
        courier(kind=DeliveryKind.QUEUE, sender=queue, rest=queue.keep_alive),
        *(courier(kind=DeliveryKind.WEBHOOK, sender=webhook) for _ in range(WEBHOOK_COURIERS)),
    ]
