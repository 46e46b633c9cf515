"""Help requests as rows: phone and words sealed, repeats known by keyed digests only."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, text

from services.assessment.help_requests.domain import Earlier, HelpRequest, Received
from services.chassis.keyring import KeyRing
from services.chassis.vault import Vault

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:mark, 0))")
_BY_PERSON = text(
    """
    SELECT h.id, h.case_id, h.said_mark = :said AS same,
           h.last_at > now() - :within AS recent
    FROM help_requests h JOIN crisis_cases c ON c.case_id = h.case_id AND c.closed_at IS NULL
    WHERE h.person = :person
    ORDER BY h.last_at DESC LIMIT 1
    """
)
_BY_PHONE_OR_ADDRESS = text(
    """
    SELECT h.id, h.case_id, h.said_mark = :said AS same,
           h.last_at > now() - :within AS recent
    FROM help_requests h JOIN crisis_cases c ON c.case_id = h.case_id AND c.closed_at IS NULL
    WHERE h.person IS NULL
      AND (h.phone_mark = :phone
           OR (h.address_mark = :address AND h.last_at > now() - :within
               AND (CAST(:phone AS bytea) IS NULL OR h.phone_mark IS NULL)))
    ORDER BY (h.phone_mark IS NOT DISTINCT FROM :phone) DESC, h.last_at DESC LIMIT 1
    """
)
_ADD = text(
    """
    INSERT INTO help_requests (id, case_id, person, sealed, phone_mark, address_mark, said_mark)
    VALUES (:id, :case, :person, :sealed, :phone, :address, :said)
    """
)
_REPEAT = text("UPDATE help_requests SET repeats = repeats + 1, last_at = now() WHERE id = :id")
_OF_CASE = text("SELECT * FROM help_requests WHERE case_id = :case ORDER BY received_at, id")


class _Left(Struct, frozen=True):
    phone: str
    words: str


class HelpRequestRepository:
    """The help requests of one transaction."""

    def __init__(self, connection: Connection, vault: Vault, keyring: KeyRing) -> None:
        self._connection = connection
        self._vault = vault
        self._keyring = keyring

    def earlier(self, request: HelpRequest, within: timedelta) -> Earlier | None:
        """What the same person, phone or address asked before, if that case is still open.

        Callers behind one address are told apart by the numbers they leave. Requests that could
        be one another's repeat wait for each other.
        """
        marks = self._marks(request)
        for mark in sorted(bytes(each).hex() for each in self._who(request, marks)):
            self._connection.execute(_LOCK, {"mark": mark})
        statement = _BY_PERSON if request.person else _BY_PHONE_OR_ADDRESS
        row = self._connection.execute(
            statement, {**marks, "person": request.person, "within": within}
        ).first()
        if row is None:
            return None
        return Earlier(id=row.id, case=row.case_id, recent=row.recent, same=row.same)

    def add(self, request: HelpRequest, case: UUID) -> None:
        """Keep it under the case."""
        left = msgspec.json.encode(_Left(request.phone, request.words))
        row = {
            "id": request.id,
            "case": case,
            "person": request.person,
            "sealed": self._vault.seal(request.person, left, _context(request.id)),
        }
        self._connection.execute(_ADD, {**row, **self._marks(request)})

    def repeat(self, request_id: UUID) -> None:
        """Count one more of the same."""
        self._connection.execute(_REPEAT, {"id": request_id})

    def of_case(self, case: UUID) -> Sequence[Received]:
        """What was left under a case, oldest first."""
        found = []
        for row in self._connection.execute(_OF_CASE, {"case": case}):
            opened = self._vault.open(row.person, bytes(row.sealed), _context(row.id))
            left = msgspec.json.decode(opened, type=_Left)
            found.append(
                Received(
                    id=row.id,
                    person=row.person,
                    phone=left.phone,
                    words=left.words,
                    received_at=row.received_at,
                    last_at=row.last_at,
                    repeats=row.repeats,
                )
            )
        return found

    def _marks(self, request: HelpRequest) -> dict[str, bytes | None]:
        mark = self._keyring.blind_index
        said = f"{request.dialled or request.phone}\0{request.words}"
        return {
            "phone": mark(request.dialled, "help-phone") if request.dialled else None,
            "address": mark(request.address, "help-address"),
            "said": mark(said, "help-said"),
        }

    def _who(self, request: HelpRequest, marks: dict[str, bytes | None]) -> list[bytes]:
        if request.person is not None:
            return [request.person.bytes]
        return [mark for name in ("phone", "address") if (mark := marks[name]) is not None]


def _context(request_id: UUID) -> str:
    return f"help-request:{request_id}"
