"""Sittings as rows; what was answered so far is sealed for the person."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, text

from services.assessment.sittings.domain import Sitting, SittingNotFound
from services.chassis.vault import Vault

_ADD = text(
    """
    INSERT INTO sittings (id, person, instrument, version, campaign, sealed)
    VALUES (:id, :person, :instrument, :version, :campaign, :sealed)
    """
)
_GET = text("SELECT * FROM sittings WHERE id = :id AND person = :person FOR UPDATE")
_SAVE = text(
    "UPDATE sittings SET sealed = :sealed, response = :response, saved_at = now() WHERE id = :id"
)
_DISCARD = text("DELETE FROM sittings WHERE person = :person AND response IS NULL")
_DISCARD_OLDER = text("DELETE FROM sittings WHERE saved_at < now() - :than")


class _SoFar(Struct, frozen=True):
    answers: dict[str, int | None]
    flags: tuple[str, ...]
    case: UUID | None
    heard: dict[str, int] = {}


class SittingRepository:
    """The sittings of one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, sitting: Sitting) -> None:
        """Keep a new one."""
        row = {
            "id": sitting.id,
            "person": sitting.person,
            "instrument": sitting.instrument,
            "version": sitting.version,
            "campaign": sitting.campaign,
            "sealed": self._sealed(sitting),
        }
        self._connection.execute(_ADD, row)

    def get(self, sitting_id: UUID, person: UUID) -> Sitting:
        """The person's own, locked until the end of the work; raises SittingNotFound."""
        row: Any = self._connection.execute(_GET, {"id": sitting_id, "person": person}).first()
        if row is None:
            raise SittingNotFound
        opened = self._vault.open(person, bytes(row.sealed), _context(sitting_id))
        so_far = msgspec.json.decode(opened, type=_SoFar)
        return Sitting(
            id=row.id,
            person=row.person,
            instrument=row.instrument,
            version=row.version,
            answers=so_far.answers,
            flags=so_far.flags,
            heard=so_far.heard,
            case=so_far.case,
            campaign=row.campaign,
            response=row.response,
        )

    def save(self, sitting: Sitting) -> None:
        """Keep what changed; a submitted sitting keeps no answers."""
        row = {"id": sitting.id, "sealed": self._sealed(sitting), "response": sitting.response}
        self._connection.execute(_SAVE, row)

    def discard(self, person: UUID) -> None:
        """Delete the person's open sittings."""
        self._connection.execute(_DISCARD, {"person": person})

    def discard_older(self, than: timedelta) -> int:
        """Delete those nobody saved for so long; returns how many."""
        return self._connection.execute(_DISCARD_OLDER, {"than": than}).rowcount

    def _sealed(self, sitting: Sitting) -> bytes:
        so_far = _SoFar(sitting.answers, sitting.flags, sitting.case, sitting.heard)
        return self._vault.seal(sitting.person, msgspec.json.encode(so_far), _context(sitting.id))


def _context(sitting_id: UUID) -> str:
    return f"sitting:{sitting_id}"
