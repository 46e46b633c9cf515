"""One transaction of accounts, in the words of its use cases."""

from typing import Protocol

from services.accounts.codes.ports import Codes
from services.accounts.imports.ports import Imports
from services.accounts.keys.ports import SigningKeys
from services.accounts.people.ports import ContactPoints, People
from services.accounts.sessions.ports import Credentials, Sessions, Throttles
from services.accounts.subscribers.ports import Copies, Grants, Subscriptions
from services.accounts.units.ports import Units
from services.chassis.vault import Vault
from services.chassis.work import Work
from services.contracts.event import IntegrationEvent


class Publishes(Protocol):
    """Something events can be handed to."""

    def publish(self, event: IntegrationEvent, *, unit: str = "", urgent: bool = False) -> None:
        """Send the event with this change."""
        ...


class AccountsWork(Work, Protocol):
    """What is read and changed together: all of it, or nothing."""

    @property
    def units(self) -> Units: ...
    @property
    def people(self) -> People: ...
    @property
    def contact_points(self) -> ContactPoints: ...
    @property
    def credentials(self) -> Credentials: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def throttles(self) -> Throttles: ...
    @property
    def codes(self) -> Codes: ...
    @property
    def signing_keys(self) -> SigningKeys: ...
    @property
    def imports(self) -> Imports: ...
    @property
    def subscriptions(self) -> Subscriptions: ...
    @property
    def copies(self) -> Copies: ...
    @property
    def grants(self) -> Grants: ...
    @property
    def vault(self) -> Vault: ...

    def digest(self, value: str, context: str) -> bytes:
        """32 bytes that only this service's keys can compute from the value."""
        ...
