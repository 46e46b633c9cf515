"""The one place where ports meet storage, hashing and the other services."""

from typing import Any
from uuid import UUID

from nameko.extensions import DependencyProvider
from sqlalchemy import Connection

from services.accounts.codes.storage import CodeRepository
from services.accounts.codes.usecases.deliver_code import Messenger
from services.accounts.imports.storage import ImportRepository
from services.accounts.keys.storage import SigningKeyRepository
from services.accounts.people.contact_storage import ContactPointRepository
from services.accounts.people.storage import PersonRepository
from services.accounts.people.usecases.read_contact_points import Cases, CaseState
from services.accounts.sessions.passwords import Argon2Passwords, Passwords
from services.accounts.sessions.storage import (
    CredentialRepository,
    SessionRepository,
    ThrottleRepository,
)
from services.accounts.sessions.usecases.sign_in import SessionLengths
from services.accounts.subscribers.copy_storage import CopyRepository, GrantRepository
from services.accounts.subscribers.storage import SubscriptionRepository
from services.accounts.units.storage import UnitRepository
from services.chassis.logs import get_logger
from services.chassis.metrics import counter
from services.chassis.peers import Peers, PeerUnavailable
from services.chassis.unit_of_work import UnitOfWork, UnitOfWorkProvider

log = get_logger()

SIGN_INS = counter("huixin_accounts_sign_ins_total", "Sign-ins by outcome", ("outcome",))
REFRESH_REFUSED = counter(
    "huixin_accounts_refresh_refused_total", "Refresh tokens that were refused"
)
IMPORTED = counter("huixin_accounts_imported_rows_total", "Imported rows by outcome", ("outcome",))
CODES_SENT = counter("huixin_accounts_codes_sent_total", "One-time codes handed over")


class AccountsUnitOfWork(UnitOfWork):
    """One transaction of this service, with its repositories."""

    def open(self, connection: Connection) -> None:
        """Build them on this connection."""
        self.units = UnitRepository(connection)
        self.people = PersonRepository(connection, self.vault, self.digest)
        self.contact_points = ContactPointRepository(connection, self.vault, self.digest)
        self.credentials = CredentialRepository(connection)
        self.sessions = SessionRepository(connection)
        self.throttles = ThrottleRepository(connection)
        self.codes = CodeRepository(connection)
        self.signing_keys = SigningKeyRepository(connection, self.vault)
        self.imports = ImportRepository(connection)
        self.subscriptions = SubscriptionRepository(connection, self.vault)
        self.copies = CopyRepository(connection)
        self.grants = GrantRepository(connection)

    def digest(self, value: str, context: str) -> bytes:
        """32 bytes that only this service's keys can compute from the value."""
        return self.keyring.blind_index(value, context)


class AccountsUnitOfWorkProvider(UnitOfWorkProvider):
    """Gives each worker its unit of work."""

    unit_of_work = AccountsUnitOfWork


class PasswordsProvider(DependencyProvider):
    """Gives an entrypoint password hashing."""

    def setup(self) -> None:
        """With the costs of the settings."""
        self._passwords = Argon2Passwords(self.container.runtime.settings.argon2)

    def get_dependency(self, worker_ctx: object) -> Passwords:
        """The same for every worker."""
        return self._passwords


class SessionLengthsProvider(DependencyProvider):
    """Gives an entrypoint how long sessions last."""

    def get_dependency(self, worker_ctx: object) -> SessionLengths:
        """From the settings."""
        settings = self.container.runtime.settings
        return SessionLengths(settings.worker_session, settings.staff_session)


class NotificationMessenger:
    """Hands messages to notification's internal route."""

    def __init__(self, peers: Peers) -> None:
        self._peers = peers

    def send(self, message: dict[str, Any]) -> None:
        """Raises PeerUnavailable where notification is away."""
        self._peers.post_json("notification", "/internal/v1/one-time-messages", message)
        CODES_SENT.inc()


class MessengerProvider(DependencyProvider):
    """Gives an entrypoint the way to notification."""

    def get_dependency(self, worker_ctx: object) -> Messenger:
        """Over the service's peers."""
        return NotificationMessenger(self.container.runtime.peers)


class BookingCases:
    """Asks booking's internal route."""

    def __init__(self, peers: Peers) -> None:
        self._peers = peers

    def state(self, case: UUID, person: UUID) -> CaseState:
        """Only a plain 404 says that there is none; any other refusal is an outage."""
        try:
            found = self._peers.get_json("booking", f"/internal/v1/cases/{case}")
        except PeerUnavailable as error:
            if error.answered == 404:
                return CaseState.NONE
            log.warning("contact-points.unverified", case=str(case), why=error.detail)
            return CaseState.UNKNOWN
        mine = found["open"] and found["person"] == str(person)
        return CaseState.OPEN if mine else CaseState.NONE


class CasesProvider(DependencyProvider):
    """Gives an entrypoint the way to booking's cases."""

    def get_dependency(self, worker_ctx: object) -> Cases:
        """Over the service's peers."""
        return BookingCases(self.container.runtime.peers)
