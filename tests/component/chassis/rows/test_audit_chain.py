"""The audit rows' chain: whatever happens to a sealed row is found, and nothing slips behind it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, text

from services.chassis.auditchain import Seal, head_of, seal_waiting_rows
from services.chassis.auditing import seal_reason
from services.chassis.auditproof import AuditWalk, Proof
from services.chassis.database import Database
from services.chassis.keyring import KeyRing
from services.chassis.vault import PersonVault
from tests.support.databases import Databases
from tests.support.toys import toy_database

RING = KeyRing("k1", {"k1": b"k" * 32})
NOTE = text(
    "INSERT INTO audit (actor, action, subject, person, reason, correlation_id)"
    " VALUES (:actor, 'case.read', 's', :person, :reason, 'loop') RETURNING position"
)


class Chain:
    def __init__(self, database: Database) -> None:
        self.database = database

    def note(self, connection: Connection | None = None, person: UUID | None = None) -> int:
        values = {"actor": uuid4(), "person": person, "reason": ""}
        if connection is not None:
            return int(connection.execute(NOTE, values).scalar_one())
        with self.database.engine.begin() as own:
            return int(own.execute(NOTE, values).scalar_one())

    def seal(self) -> Seal | None:
        with self.database.engine.begin() as connection:
            return seal_waiting_rows(connection, RING)

    def sealed(self, *sizes: int) -> list[int]:
        """Runs of so many rows, each under a seal; their positions."""
        positions = []
        for size in sizes:
            positions += [self.note() for _ in range(size)]
            self.seal()
        return positions

    def tamper(self, statement: str, **values: Any) -> None:
        with self.database.engine.begin() as connection:
            connection.execute(text(statement), values)

    def prove(self, ring: KeyRing = RING, heads: dict[int, str] | None = None) -> Proof:
        with self.database.reading() as connection:
            walk = AuditWalk(connection, ring, heads or {})
            for _ in walk.steps():
                pass
        return walk.proof

    def head(self) -> tuple[int, str]:
        with self.database.reading() as connection:
            return head_of(connection)


@pytest.fixture
def chain(postgres: Databases) -> Iterator[Chain]:
    database = Database(toy_database(postgres))
    yield Chain(database)
    database.close()


def test_an_untouched_chain_is_whole_and_tells_what_waits(chain: Chain) -> None:
    chain.sealed(3, 2)
    chain.note()

    proof = chain.prove()

    assert proof.whole
    assert (proof.rows, proof.seals, proof.waiting) == (5, 2, 1)
    assert proof.head == chain.head()


def test_nothing_is_sealed_where_nothing_waits(chain: Chain) -> None:
    chain.sealed(1)

    assert chain.seal() is None
    assert chain.head()[0] == 1


@pytest.mark.parametrize(
    "change",
    [
        "actor = gen_random_uuid()",
        "action = 'own.read'",
        "subject = 'other'",
        "person = gen_random_uuid()",
        "reason = 'x'",
        "correlation_id = ''",
        "at = at + interval '1 microsecond'",
    ],
)
def test_a_changed_row_is_named(chain: Chain, change: str) -> None:
    _, second, _ = chain.sealed(2, 1)

    chain.tamper(f"UPDATE audit SET {change} WHERE position = :p", p=second)

    assert chain.prove().broken == [f"row {second} of seal 1 was changed"]


def test_a_deleted_row_is_named(chain: Chain) -> None:
    _, second, _ = chain.sealed(2, 1)

    chain.tamper("DELETE FROM audit WHERE position = :p", p=second)

    assert chain.prove().broken == [f"row {second} of seal 1 is missing"]


def test_a_row_put_in_among_sealed_ones_is_named(chain: Chain) -> None:
    chain.sealed(2, 1)
    chain.tamper(
        "INSERT INTO audit (position, action, subject, correlation_id, seal)"
        " OVERRIDING SYSTEM VALUE VALUES (1000, 'case.read', 's', '', 1)"
    )

    assert chain.prove().broken == ["row 1000 says it is of seal 1, which does not hold it"]


def test_a_row_dated_back_is_sealed_and_named(chain: Chain) -> None:
    chain.sealed(1)
    chain.tamper(
        "INSERT INTO audit (position, at, action, subject, correlation_id)"
        " OVERRIDING SYSTEM VALUE VALUES (1000, now() - interval '2 hours', 'case.read', 's', '')"
    )
    chain.seal()

    assert chain.prove().broken == ["row 1000 of seal 2 was put in long after its time"]


def test_the_last_seal_taken_away_is_seen_by_its_rows(chain: Chain) -> None:
    *_, last = chain.sealed(1, 1)

    chain.tamper("DELETE FROM audit_seals WHERE number = 2")

    assert chain.prove().broken == [f"row {last} says it is of seal 2, which does not hold it"]


def test_an_end_cut_off_with_its_rows_is_seen_by_a_copied_head(chain: Chain) -> None:
    *_, last = chain.sealed(1, 1)
    number, digest = chain.head()

    chain.tamper("DELETE FROM audit_seals WHERE number = 2")
    chain.tamper("DELETE FROM audit WHERE position = :p", p=last)

    assert chain.prove().whole
    assert chain.prove(heads={number: digest}).broken == [
        "seal 2, whose head was copied, is missing"
    ]
    chain.sealed(1)
    assert chain.prove(heads={number: digest}).broken == [
        "seal 2 is another than the one whose head was copied"
    ]


def test_a_seal_missing_in_the_middle_is_named(chain: Chain) -> None:
    _, second, _ = chain.sealed(1, 1, 1)

    chain.tamper("DELETE FROM audit_seals WHERE number = 2")

    assert chain.prove().broken == [
        "seal 2 is missing",
        f"row {second} says it is of seal 2, which does not hold it",
    ]


def test_a_seal_made_anew_without_the_key_ring_is_named(chain: Chain) -> None:
    (only,) = chain.sealed(1)
    chain.tamper("UPDATE audit SET action = 'own.read', seal = NULL WHERE position = :p", p=only)
    chain.tamper("DELETE FROM audit_seals")
    with chain.database.engine.begin() as connection:
        seal_waiting_rows(connection, KeyRing("x", {"x": b"x" * 32}))

    assert chain.prove().broken == ["seal 1 was not made with this key ring"]


def test_a_seal_that_was_changed_is_named_and_the_next_no_longer_follows(chain: Chain) -> None:
    chain.sealed(1, 1)

    chain.tamper("UPDATE audit_seals SET sealed_at = now() WHERE number = 1")
    assert chain.prove().broken == ["seal 1 was changed"]

    with chain.database.reading() as connection:
        stored = connection.execute(text("SELECT * FROM audit_seals WHERE number = 1")).one()
    forged = Seal(1, stored.sealed_at, stored.complete, stored.positions,
                  bytes(stored.digests), bytes(stored.previous))  # fmt: skip
    chain.tamper("UPDATE audit_seals SET digest = :d WHERE number = 1", d=forged.digest())
    assert chain.prove().broken == [
        "seal 1 was not made with this key ring",
        "seal 2 does not follow the seal before it",
    ]


def test_what_commits_late_is_in_a_later_seal(chain: Chain) -> None:
    with chain.database.engine.connect() as late:
        first = chain.note(late)
        second = chain.note()
        early = chain.seal()
        late.commit()
    after = chain.seal()

    assert early is not None
    assert early.positions == [second]
    assert after is not None
    assert after.positions == [first]
    assert chain.prove().whole


def test_two_sweepers_at_once_make_one_chain(chain: Chain) -> None:
    for _ in range(4):
        chain.note()
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: chain.seal(), range(4)))

    proof = chain.prove()

    assert proof.whole
    assert (proof.seals, proof.rows) == (4, 4)


def test_many_waiting_rows_are_sealed_in_runs(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.chassis.auditchain.MOST", 2)
    positions = [chain.note() for _ in range(3)]

    first, second = chain.seal(), chain.seal()

    assert first is not None and second is not None
    assert [*first.positions, *second.positions] == positions
    assert (first.complete, second.complete) == (False, True)
    assert chain.prove().whole


@contextmanager
def a_vault(chain: Chain) -> Iterator[PersonVault]:
    with chain.database.engine.begin() as connection:
        yield PersonVault(connection, RING)


def test_a_forgotten_person_leaves_the_chain_whole(chain: Chain) -> None:
    person = uuid4()
    with a_vault(chain) as vault:
        reason = seal_reason(vault, person, "a call")
    chain.tamper(
        "INSERT INTO audit (action, subject, person, reason, correlation_id)"
        " VALUES ('case.read', 's', :person, :reason, '')",
        person=person,
        reason=reason,
    )
    chain.seal()

    with a_vault(chain) as vault:
        vault.forget(person)

    assert chain.prove().whole
