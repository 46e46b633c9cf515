"""Idempotency keys: the first answer again, kept encrypted for a day with the change it answers."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy import Connection, text
from werkzeug.wrappers import Response

from services.chassis.errors import Conflict, FieldError, InvalidInput
from services.chassis.keyring import KeyRing
from services.chassis.request import Request
from services.chassis.statements import fetch, postpone

MAX_KEY = 128
KEPT_HOURS = 24

_RESERVE = """
    INSERT INTO idempotency (person, route, key, body_hash)
    VALUES (%(person)s, %(route)s, %(key)s, %(body_hash)s) ON CONFLICT DO NOTHING RETURNING key
"""
_FIND = text(
    "SELECT body_hash, status, answer FROM idempotency"
    " WHERE person = :person AND route = :route AND key = :key"
)
_RELEASE = text("DELETE FROM idempotency WHERE person = :person AND route = :route AND key = :key")
_KEEP = """
    INSERT INTO idempotency (person, route, key, body_hash, status, answer)
    VALUES (%(person)s, %(route)s, %(key)s, %(body_hash)s, %(status)s, %(answer)s)
    ON CONFLICT (person, route, key)
    DO UPDATE SET status = EXCLUDED.status, answer = EXCLUDED.answer
"""
FORGET = text(
    f"DELETE FROM idempotency WHERE created_at < now() - interval '{KEPT_HOURS} hours'"  # noqa: S608  # a constant
)


class IdempotencyKeyReused(Conflict):
    """The same key came with another body."""

    code = "idempotency-key-reused"


class _Answer(msgspec.Struct):
    body: bytes
    mimetype: str
    correlation_id: str


@dataclass(frozen=True)
class IdempotentCall:
    """One keyed request: its scope is the person and the route."""

    person: UUID
    route: str
    key: str
    body_hash: bytes

    @classmethod
    def of(cls, request: Request, route: str, keyring: KeyRing) -> "IdempotentCall | None":
        """The call, where the request has a key and a signed-in person."""
        key = request.headers.get("Idempotency-Key")
        if key is None or request.principal_or_none is None:
            return None
        if not 1 <= len(key) <= MAX_KEY:
            message = f"expected 1 to {MAX_KEY} characters"
            raise InvalidInput(errors=[FieldError("Idempotency-Key", message)])
        plain = hashlib.sha256(request.path.encode() + b"\0" + request.body).hexdigest()
        # Keyed: of a plain hash, nine answers of four each are tried out in a second.
        digest = keyring.blind_index(plain, "idempotency-body")
        return cls(request.principal_or_none.person, route, key, digest)

    def answered(self, connection: Connection, keyring: KeyRing) -> Response | None:
        """The first answer, if there was one; else reserves the key for this transaction.

        A request with the same key that is still at work is waited for by the insert.
        Raises IdempotencyKeyReused.
        """
        if fetch(connection, _RESERVE, self._row()):
            return None
        row = connection.execute(_FIND, self._row()).one()
        if bytes(row.body_hash) != self.body_hash:
            raise IdempotencyKeyReused
        answer = msgspec.msgpack.decode(
            keyring.open(bytes(row.answer), self._sealed_for()), type=_Answer
        )
        headers = {"Correlation-Id": answer.correlation_id, "Idempotency-Replayed": "true"}
        return Response(answer.body, row.status, headers, mimetype=answer.mimetype)

    def keep(
        self, connection: Connection, keyring: KeyRing, response: Response, correlation_id: str
    ) -> None:
        """Store the answer in the transaction of the change."""
        answer = _Answer(response.get_data(), response.mimetype or "", correlation_id)
        sealed = keyring.seal(msgspec.msgpack.encode(answer), self._sealed_for())
        row = {**self._row(), "status": response.status_code, "answer": sealed}
        postpone(connection, _KEEP, row)

    def release(self, connection: Connection) -> None:
        """Free the key again: the change is kept, but there is no answer to repeat."""
        connection.execute(_RELEASE, self._row())

    def _row(self) -> dict[str, object]:
        return {
            "person": self.person,
            "route": self.route,
            "key": self.key,
            "body_hash": self.body_hash,
        }

    def _sealed_for(self) -> str:
        return f"idempotency:{self.person}:{self.route}:{self.key}"
