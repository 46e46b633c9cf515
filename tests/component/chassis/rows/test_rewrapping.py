"""People's data keys come under a new key of the ring while others read, write and forget."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from services.chassis import rewrapping
from services.chassis.database import Database
from services.chassis.keyring import CannotOpen, KeyRing
from services.chassis.rewrapping import rewrap, wrapped_by
from services.chassis.vault import SERVICE, PersonVault
from tests.support.databases import Databases
from tests.support.toys import toy_database

OLD, NEW, INDEX = b"o" * 32, b"n" * 32, b"i" * 32
BEFORE = KeyRing("k1", {"k1": OLD}, INDEX)
BOTH = KeyRing("k2", {"k1": OLD, "k2": NEW}, INDEX)
AFTER = KeyRing("k2", {"k2": NEW}, INDEX)


class Rows:
    def __init__(self, database: Database) -> None:
        self.database = database

    def seal(self, person: UUID | None, words: bytes, ring: KeyRing) -> bytes:
        with self.database.engine.begin() as connection:
            return PersonVault(connection, ring).seal(person, words, "note")

    def open(self, person: UUID | None, sealed: bytes, ring: KeyRing) -> bytes:
        with self.database.engine.begin() as connection:
            return PersonVault(connection, ring).open(person, sealed, "note")

    def forget(self, person: UUID) -> None:
        with self.database.engine.begin() as connection:
            PersonVault(connection, BOTH).forget(person)

    def wrapped_by(self) -> dict[str, int]:
        with self.database.reading() as connection:
            return wrapped_by(connection)

    def rewrap(self, ring: KeyRing = BOTH) -> list[tuple[int, int]]:
        return [(batch.wrapped, batch.closed) for batch in rewrap(self.database.engine, ring)]


@pytest.fixture
def rows(postgres: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rows]:
    monkeypatch.setattr(rewrapping, "BATCH", 2)
    database = Database(toy_database(postgres))
    yield Rows(database)
    database.close()


def test_after_rewrapping_the_old_key_may_go(rows: Rows) -> None:
    people = [uuid4() for _ in range(5)]
    sealed = {person: rows.seal(person, str(person).encode(), BEFORE) for person in people}

    assert rows.rewrap() == [(2, 0), (2, 0), (1, 0)]

    assert rows.wrapped_by() == {"k2": 5}
    for person in people:
        assert rows.open(person, sealed[person], AFTER) == str(person).encode()
    with pytest.raises(CannotOpen):
        rows.open(people[0], sealed[people[0]], BEFORE)


def test_a_run_that_was_cut_off_is_taken_up_again(rows: Rows) -> None:
    people = [uuid4() for _ in range(5)]
    sealed = {person: rows.seal(person, b"words", BEFORE) for person in people}

    next(rewrap(rows.database.engine, BOTH))

    assert rows.wrapped_by() == {"k1": 3, "k2": 2}
    assert all(rows.open(each, sealed[each], BOTH) == b"words" for each in people)
    assert sum(done for done, _ in rows.rewrap()) == 3
    assert all(rows.open(each, sealed[each], AFTER) == b"words" for each in people)


def test_what_is_written_meanwhile_by_either_ring_stays_readable(rows: Rows) -> None:
    people = sorted((uuid4() for _ in range(4)), key=str)
    for person in people:
        rows.seal(person, b"first", BEFORE)
    run = rewrap(rows.database.engine, BOTH)
    next(run)

    newcomer = uuid4()
    notes = {
        person: rows.seal(person, b"meanwhile", ring)
        for person, ring in [(people[0], BOTH), (people[3], BEFORE), (newcomer, BEFORE)]
    }
    list(run)
    rows.rewrap()

    assert set(rows.wrapped_by()) == {"k2"}
    for person, sealed in notes.items():
        assert rows.open(person, sealed, AFTER) == b"meanwhile"


def test_somebody_who_is_forgotten_meanwhile_stays_forgotten(rows: Rows) -> None:
    people = sorted((uuid4() for _ in range(4)), key=str)
    sealed = {person: rows.seal(person, b"words", BEFORE) for person in people}
    run = rewrap(rows.database.engine, BOTH)
    next(run)

    rows.forget(people[0])
    rows.forget(people[3])
    list(run)

    assert rows.wrapped_by() == {"k2": 2}
    for person in (people[0], people[3]):
        with pytest.raises(CannotOpen):
            rows.open(person, sealed[person], BOTH)


def test_a_data_key_of_a_key_that_is_gone_is_counted_and_left(rows: Rows) -> None:
    person = uuid4()
    sealed = rows.seal(person, b"words", KeyRing("k0", {"k0": b"0" * 32}))

    assert rows.rewrap() == [(0, 1)]

    assert rows.wrapped_by() == {"k0": 1}
    assert rows.open(person, sealed, KeyRing("k0", {"k0": b"0" * 32})) == b"words"


def test_what_belongs_to_nobody_comes_along(rows: Rows) -> None:
    sealed = rows.seal(None, b"words", BEFORE)

    rows.rewrap()

    assert rows.open(None, sealed, AFTER) == b"words"
    with rows.database.reading() as connection:
        found = connection.execute(text("SELECT person FROM person_keys")).scalars().all()
    assert found == [SERVICE]


def test_what_the_ring_itself_sealed_before_still_opens(rows: Rows) -> None:
    sealed = BEFORE.seal(b"words", "note")

    assert rows.open(None, sealed, BOTH) == b"words"
