"""What one running service consists of, made once from its settings and shared by its parts."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from eventlet.event import Event

from services.chassis.auth import TokenVerifier
from services.chassis.clock import Clock, SystemClock
from services.chassis.context import Context, new_context
from services.chassis.database import Database
from services.chassis.keyring import KeyRing
from services.chassis.peers import Peers
from services.chassis.servicetokens import ServiceTokens
from services.chassis.settings import ServiceSettings
from services.chassis.shared import SharedReads
from services.chassis.tracing import tracer_of
from services.chassis.transaction import Transaction

if TYPE_CHECKING:
    from services.chassis.unit_of_work import UnitOfWork


class WakeUp:
    """Lets the relay sleep until something was stored; many calls wake it once."""

    def __init__(self) -> None:
        self._event = Event()

    def call(self) -> None:
        """Wake whoever waits."""
        if not self._event.ready():
            self._event.send(None)

    def wait(self, seconds: float) -> None:
        """Sleep until called, or for so long."""
        self._event.wait(timeout=seconds)
        if self._event.ready():
            self._event = Event()


class Runtime:
    """One service in this process: settings, database, keys, tokens, clock."""

    def __init__(self, settings: ServiceSettings, clock: Clock | None = None) -> None:
        self.service = settings.service
        self.settings = settings
        self.clock = clock or SystemClock()
        self.keyring = KeyRing.from_settings(settings.keyring)
        self.tokens = TokenVerifier(settings.jwks_url)
        self.service_tokens = ServiceTokens(
            settings.service, settings.service_key, settings.service_keys
        )
        self.tracer = tracer_of(settings)
        self.peers = Peers(settings.peers, self.service_tokens, self.tracer)
        self.shared_reads = SharedReads()
        self.wake_ordinary = WakeUp()
        self.wake_urgent = WakeUp()
        self._database: Database | None = None

    @property
    def has_database(self) -> bool:
        """Whether the service keeps anything."""
        return self.settings.database_url is not None

    @property
    def database(self) -> Database:
        """The service's own database; made at first use."""
        if self._database is None:
            if self.settings.database_url is None:
                raise RuntimeError(f"{self.service} has no database")
            self._database = Database(self.settings.database_url, self.settings.database_pool)
        return self._database

    def transaction(self, context: Context | None = None) -> Transaction:
        """A transaction that tells this service's relay when it stored events."""
        return Transaction(
            self.database, context or new_context(), self.wake_relay, self.shared_reads.forget
        )

    def unit_of_work(
        self, kind: "type[UnitOfWork]", context: Context | None = None
    ) -> "UnitOfWork":
        """A unit of work outside any worker, for commands and seeds."""
        return kind(self.transaction(context), self.keyring)

    def wake_relay(self, urgent: bool) -> None:
        """Something waits in the outbox."""
        self.wake_ordinary.call()
        if urgent:
            self.wake_urgent.call()

    def close(self) -> None:
        """Give the connections back."""
        if self._database is not None:
            self._database.close()


def build_runtime(service_class: Any, environ: Mapping[str, str]) -> Runtime:
    """The runtime of a service class from the environment; raises SettingsError."""
    return Runtime(service_class.settings.load(service_class.name, environ))
