"""The audit rows' hash chain: a sweeper seals them in runs, each seal holding the one before it.

A seal lists the rows it covers with a digest of each, so that a broken one can be named. Rows are
taken as they become visible, in no order of ids or times: what commits late is simply in a later
seal. Its keyed digest needs the service's key ring, so that whoever has the database alone cannot
make the chain anew; a copy of the head outside shows an end that was cut off.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, text

from services.chassis.keyring import KeyRing
from services.chassis.metrics import AUDIT_HEAD_AGE, AUDIT_SEALS, AUDIT_UNSEALED

MOST = 1_000
BEGINNING = bytes(32)
DIGEST_BYTES = 32

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('audit-seals', 0))")
_HEAD = text("SELECT number, digest FROM audit_seals ORDER BY number DESC LIMIT 1")
_COLUMNS = "position, at, actor, action, subject, person, reason, correlation_id"
_UNSEALED = text(
    f"SELECT {_COLUMNS} FROM audit WHERE seal IS NULL ORDER BY position LIMIT :most"  # noqa: S608  # a constant
)
_STATE = text(
    """
    SELECT (SELECT extract(epoch FROM now() - min(at)) FROM audit WHERE seal IS NULL) AS oldest,
           (SELECT max(number) FROM audit_seals) AS seals,
           (SELECT extract(epoch FROM now() - sealed_at) FROM audit_seals
            ORDER BY number DESC LIMIT 1) AS age
    """
)
_NOW = text("SELECT clock_timestamp()")
_MARK = text("UPDATE audit SET seal = :number WHERE position = ANY(:positions)")
_ADD = text(
    """
    INSERT INTO audit_seals (number, sealed_at, complete, positions, digests, previous, digest, mac)
    VALUES (:number, :sealed_at, :complete, :positions, :digests, :previous, :digest, :mac)
    """
)


@dataclass(frozen=True, slots=True)
class Seal:
    """One link: `digests` holds 32 bytes for each position, in the same order.

    `complete` says that no row was left waiting when it was made.
    """

    number: int
    sealed_at: datetime
    complete: bool
    positions: Sequence[int]
    digests: bytes
    previous: bytes

    def digest(self) -> bytes:
        """The 32 bytes that the next seal holds."""
        document = [
            self.number,
            _moment(self.sealed_at),
            self.complete,
            list(self.positions),
            self.digests.hex(),
            self.previous.hex(),
        ]
        return hashlib.sha256(msgspec.json.encode(document)).digest()


def row_digest(row: Row[Any]) -> bytes:
    """The 32 bytes that stand for an audit row: everything it says, sealed words as they are."""
    document = [
        row.position,
        _moment(row.at),
        str(row.actor or ""),
        row.action,
        row.subject,
        str(row.person or ""),
        row.reason,
        row.correlation_id,
    ]
    return hashlib.sha256(msgspec.json.encode(document)).digest()


def mac_of(digest: bytes, keyring: KeyRing) -> bytes:
    """What only the service's key ring can say of a seal."""
    return keyring.blind_index(digest.hex(), "audit-seal")


def seal_waiting_rows(connection: Connection, keyring: KeyRing) -> Seal | None:
    """Seal what is visible and waits, at most `MOST` rows; None where nothing does.

    Whoever else seals is waited for until the end of this transaction.
    """
    connection.execute(_LOCK)
    rows = connection.execute(_UNSEALED, {"most": MOST}).all()
    if not rows:
        return None
    head = connection.execute(_HEAD).first()
    seal = Seal(
        number=head.number + 1 if head else 1,
        sealed_at=connection.execute(_NOW).scalar_one(),
        complete=len(rows) < MOST,
        positions=[row.position for row in rows],
        digests=b"".join(row_digest(row) for row in rows),
        previous=bytes(head.digest) if head else BEGINNING,
    )
    _store(connection, seal, keyring)
    return seal


def _store(connection: Connection, seal: Seal, keyring: KeyRing) -> None:
    digest = seal.digest()
    connection.execute(_MARK, {"number": seal.number, "positions": seal.positions})
    connection.execute(
        _ADD,
        {
            "number": seal.number,
            "sealed_at": seal.sealed_at,
            "complete": seal.complete,
            "positions": seal.positions,
            "digests": seal.digests,
            "previous": seal.previous,
            "digest": digest,
            "mac": mac_of(digest, keyring),
        },
    )


def head_of(connection: Connection) -> tuple[int, str]:
    """The newest seal's number and digest; zero where there is none."""
    head = connection.execute(_HEAD).first()
    return (head.number, bytes(head.digest).hex()) if head else (0, BEGINNING.hex())


def observe_chain(connection: Connection, service: str) -> None:
    """Set the metrics that tell whether the sweeper keeps up."""
    state = connection.execute(_STATE).one()
    AUDIT_SEALS.labels(service).set(state.seals or 0)
    AUDIT_HEAD_AGE.labels(service).set(float(state.age or 0))
    AUDIT_UNSEALED.labels(service).set(float(state.oldest or 0))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
