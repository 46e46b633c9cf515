"""Responses as rows: what was answered and what it came to is sealed for the person."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Row, text

from services.assessment.consent.storage import GRANT, granting
from services.assessment.consent.texts import Purpose
from services.assessment.responses.domain import Kept, Response, ResponseNotFound, Result
from services.chassis.statements import fetch
from services.chassis.vault import Vault

_INSERT = """
    INSERT INTO responses (id, person, instrument, version, pins, campaign, sealed)
    VALUES (%(id)s, %(person)s, %(instrument)s, %(version)s, %(pins)s::jsonb, %(campaign)s,
            %(sealed)s)
    RETURNING completed_at
"""
_ADD = f"{_INSERT}, false AS agreed"
# Both in one statement: this is the path that a whole city takes on the morning of a campaign.
_ADD_AGREEING = f"WITH agreed AS ({GRANT}) {_INSERT}, EXISTS (SELECT 1 FROM agreed) AS agreed"  # noqa: S608  # constants
_GET = text("SELECT * FROM responses WHERE id = :id AND person = :person")
_PAGE = text(
    """
    SELECT * FROM responses
    WHERE person = :person
      AND (CAST(:instrument AS text) IS NULL OR instrument = :instrument)
      AND (CAST(:at AS timestamptz) IS NULL OR (completed_at, id) < (:at, CAST(:id AS uuid)))
    ORDER BY completed_at DESC, id DESC
    LIMIT :limit
    """
)


class ResponseRepository:
    """The responses of one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, response: Response, agreeing: Purpose | None) -> Kept:
        """Keep it, and the agreement that came with it."""
        plaintext = msgspec.json.encode(response.result)
        row = {
            "id": response.id,
            "person": response.person,
            "instrument": response.instrument,
            "version": response.version,
            "pins": json.dumps(response.pins),
            "campaign": response.campaign,
            "sealed": self._vault.seal(response.person, plaintext, _context(response.id)),
        }
        if agreeing is None:
            (found,) = fetch(self._connection, _ADD, row)
        else:
            (found,) = fetch(self._connection, _ADD_AGREEING, {**row, **granting(agreeing)})
        return Kept(found.completed_at, found.agreed)

    def get(self, response_id: UUID, person: UUID) -> Response:
        """The person's own; raises ResponseNotFound."""
        row = self._connection.execute(_GET, {"id": response_id, "person": person}).first()
        if row is None:
            raise ResponseNotFound
        return self._response(row)

    def page(
        self,
        person: UUID,
        instrument: str | None,
        before: tuple[datetime, UUID] | None,
        limit: int,
    ) -> Sequence[Response]:
        """The person's own, newest first."""
        at, last = before or (None, None)
        row = {"person": person, "instrument": instrument, "at": at, "id": last, "limit": limit}
        return [self._response(found) for found in self._connection.execute(_PAGE, row)]

    def _response(self, row: Row[Any]) -> Response:
        opened = self._vault.open(row.person, bytes(row.sealed), _context(row.id))
        return Response(
            id=row.id,
            person=row.person,
            pins=row.pins,
            campaign=row.campaign,
            completed_at=row.completed_at,
            result=msgspec.json.decode(opened, type=Result),
        )


def _context(response_id: UUID) -> str:
    return f"response:{response_id}"
