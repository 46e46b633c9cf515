"""Values that must not lie open between the request and the mail: a code and where it goes."""

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

import msgspec

from services.chassis.vault import Vault
from services.notification.messages.domain import Value

CONTEXT = "notification-sealed"
SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """An address given for this one message, its language, and the values of its words."""

    address: str
    language: str
    values: dict[str, Value]


def seal(person: UUID, enclosed: Enclosed, vault: Vault) -> dict[str, Value]:
    """The values of a message as they may be stored."""
    sealed = vault.seal(person, msgspec.json.encode(asdict(enclosed)), CONTEXT)
    return {SEALED: base64.b64encode(sealed).decode()}


def unseal(person: UUID | None, values: Mapping[str, Value], vault: Vault) -> Enclosed | None:
    """What was enclosed; None, where nothing was. Raises CannotOpen once the key is gone."""
    if SEALED not in values:
        return None
    plain = vault.open(person, base64.b64decode(str(values[SEALED])), CONTEXT)
    return msgspec.json.decode(plain, type=Enclosed)
