"""Why somebody looked at a person's data: in their words, and so sealed like the data."""

import base64
import binascii
from uuid import UUID

from services.chassis.keyring import CannotOpen
from services.chassis.vault import Vault

SEALED_AS = "audit-reason"


def seal_reason(vault: Vault, person: UUID | None, reason: str) -> str:
    """The reason as the audit table keeps it."""
    if not reason:
        return ""
    return base64.b64encode(vault.seal(person, reason.encode(), SEALED_AS)).decode()


def open_reason(vault: Vault, person: UUID | None, kept: str) -> str:
    """The words again; empty where the person's key is gone."""
    try:
        return vault.open(person, base64.b64decode(kept), SEALED_AS).decode() if kept else ""
    except (CannotOpen, binascii.Error):
        return ""
