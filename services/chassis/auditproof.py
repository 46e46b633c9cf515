"""Walking the audit rows' hash chain: what is broken in it is named, one sentence each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, text

from services.chassis.auditchain import BEGINNING, DIGEST_BYTES, Seal, mac_of, row_digest
from services.chassis.keyring import KeyRing

LONGEST_TRANSACTION = timedelta(hours=1)
"""No change is committed so long after it began: an older row came in by another way."""

PAGE = 50

_SEALS = text("SELECT * FROM audit_seals WHERE number > :after ORDER BY number LIMIT :most")
_SEALED = text("SELECT * FROM audit WHERE position = ANY(:positions)")
_STRANGERS = text(
    """
    WITH covered AS (SELECT number, unnest(positions) AS position FROM audit_seals)
    SELECT position, seal FROM audit
    WHERE seal IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM covered WHERE covered.position = audit.position AND number = audit.seal
    )
    ORDER BY position
    """
)
_WAITING = text("SELECT count(*) FROM audit WHERE seal IS NULL")
_SEALED_ROWS = text("SELECT count(*) FROM audit WHERE seal IS NOT NULL")


@dataclass
class Proof:
    """What the walk has found so far."""

    rows: int = 0
    seals: int = 0
    waiting: int = 0
    head: tuple[int, str] = (0, BEGINNING.hex())
    broken: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Nothing was changed, taken away or put in."""
        return not self.broken


class AuditWalk:
    """One walk along a service's chain; `connection` should see one moment only.

    `keyring` checks the keyed digests as well. `heads` are digests by number that were copied
    elsewhere: the chain must still hold them.
    """

    def __init__(
        self, connection: Connection, keyring: KeyRing | None, heads: Mapping[int, str]
    ) -> None:
        self._connection, self._keyring, self._heads = connection, keyring, heads
        self._previous: bytes | None = BEGINNING
        self._caught_up: datetime | None = None
        self.proof = Proof()

    def steps(self) -> Iterator[int]:
        """Go; gives the number of rows walked after each seal. `proof` is whole at the end."""
        while seals := self._next_seals():
            for stored in seals:
                self._missing_before(stored.number)
                self._look_at(stored)
                yield len(stored.positions)
        self._look_at_the_rest()

    def _next_seals(self) -> Sequence[Row[Any]]:
        page = {"after": self.proof.head[0], "most": PAGE}
        return self._connection.execute(_SEALS, page).all()

    def _missing_before(self, number: int) -> None:
        for missing in range(self.proof.head[0] + 1, number):
            self._say(f"seal {missing} is missing")
            self._previous = None

    def _look_at(self, stored: Row[Any]) -> None:
        seal = Seal(
            stored.number,
            stored.sealed_at,
            stored.complete,
            stored.positions,
            bytes(stored.digests),
            bytes(stored.previous),
        )
        digest = bytes(stored.digest)
        if seal.digest() != digest or len(seal.digests) != DIGEST_BYTES * len(seal.positions):
            self._say(f"seal {seal.number} was changed")
        elif self._keyring and mac_of(digest, self._keyring) != bytes(stored.mac):
            self._say(f"seal {seal.number} was not made with this key ring")
        if self._previous is not None and seal.previous != self._previous:
            self._say(f"seal {seal.number} does not follow the seal before it")
        if self._heads.get(seal.number, digest.hex()) != digest.hex():
            self._say(f"seal {seal.number} is another than the one whose head was copied")
        self._look_at_rows(seal)
        self._previous = digest
        self.proof.seals += 1
        self.proof.head = (seal.number, digest.hex())

    def _look_at_rows(self, seal: Seal) -> None:
        found = {
            row.position: row
            for row in self._connection.execute(_SEALED, {"positions": list(seal.positions)})
        }
        for index, position in enumerate(seal.positions):
            expected = seal.digests[index * DIGEST_BYTES : (index + 1) * DIGEST_BYTES]
            if position not in found:
                self._say(f"row {position} of seal {seal.number} is missing")
            elif row_digest(found[position]) != expected:
                self._say(f"row {position} of seal {seal.number} was changed")
            elif self._too_old(found[position].at):
                self._say(f"row {position} of seal {seal.number} was put in long after its time")
        self.proof.rows += len(found)
        if seal.complete:
            self._caught_up = seal.sealed_at

    def _too_old(self, at: datetime) -> bool:
        """Every row of that time was sealed already when the sweeper last caught up."""
        return self._caught_up is not None and at < self._caught_up - LONGEST_TRANSACTION

    def _look_at_the_rest(self) -> None:
        for stranger in self._connection.execute(_STRANGERS):
            self._say(f"row {stranger.position} says it is of seal {stranger.seal}, "
                      "which does not hold it")  # fmt: skip
        for number in sorted(self._heads):
            if number > self.proof.head[0]:
                self._say(f"seal {number}, whose head was copied, is missing")
        self.proof.waiting = self._connection.execute(_WAITING).scalar_one()

    def _say(self, what: str) -> None:
        self.proof.broken.append(what)


def sealed_rows(connection: Connection) -> int:
    """How many rows a walk will look at, about."""
    return int(connection.execute(_SEALED_ROWS).scalar_one())
