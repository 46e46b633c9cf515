"""A backup comes back as it was, or is refused by name; nothing is left half done."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import Engine, create_engine, text

from services.apphost import KEEPERS
from services.chassis.auditchain import seal_waiting_rows
from services.chassis.keyring import KeyRing
from services.chassis.vault import PersonVault
from services.cli.backups.manifest import read_manifest, write_manifest
from services.cli.backups.sealing import digest_of, make_identity
from services.cli.local.environment import make_keyring
from tests.operations.commands import begun, done
from tests.support.databases import Databases

NOTE = text("INSERT INTO audit (action, subject, correlation_id) VALUES ('case.read', 's', '')")
SENT = text(
    "INSERT INTO outbox (id, type, subject, sequence, correlation_id, data, sent_at, settled)"
    " VALUES (:id, 'assessment.response-completed.v1', 's', :n, '', '{}',"
    " now() - CAST(:ago AS interval), true)"
)
READ = text("INSERT INTO inbox (queue, event_id) VALUES (:queue, :id)")
READERS = {"booking": "booking.response-completed", "reporting": "reporting.ledger"}


class System:
    """Databases without services, and the settings that name them."""

    def __init__(self, postgres: Databases, rings: dict[str, str], *, empty: bool = False) -> None:
        self.urls = {
            name: postgres.empty() if empty else postgres.database(name) for name in KEEPERS
        }
        self.rings = rings
        self.engines: dict[str, Engine] = {n: create_engine(u) for n, u in self.urls.items()}

    @property
    def settings(self) -> dict[str, str]:
        named = {f"{name.upper()}_DATABASE_URL": url for name, url in self.urls.items()}
        return {**named, **{f"{name.upper()}_KEYRING": ring for name, ring in self.rings.items()}}

    def ring(self, service: str) -> KeyRing:
        return KeyRing.from_settings(json.loads(self.rings[service]))

    def fill(self) -> None:
        for name, engine in self.engines.items():
            with engine.begin() as connection:
                PersonVault(connection, self.ring(name)).seal(uuid4(), b"words", "note")
                for _ in range(3):
                    connection.execute(NOTE)
                seal_waiting_rows(connection, self.ring(name))

    def send(self, *readers: str, days_ago: int = 0) -> UUID:
        """An event these readers have handled."""
        event = uuid4()
        values = {"id": event, "n": 1, "ago": f"{days_ago} days"}
        with self.engines["assessment"].begin() as connection:
            connection.execute(SENT, values)
        for reader in readers:
            with self.engines[reader].begin() as connection:
                connection.execute(READ, {"queue": READERS[reader], "id": event})
        return event

    def query(self, service: str, statement: str, **values: Any) -> Any:
        with self.engines[service].begin() as connection:
            found = connection.execute(text(statement), values)
            return found.scalar() if found.returns_rows else None

    def is_empty(self) -> bool:
        tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        return not any(self.query(name, tables) for name in KEEPERS)


class Store:
    """Where backups lie, and the key they are sealed to."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.identity = folder / "one", folder / "identity"
        self.recipient = make_identity(self.identity)

    def keep(self, system: System) -> str:
        code, said = done(system.settings, "backup", str(self.folder), "--to", self.recipient)
        assert code == 0, said
        return said

    def bring_back(self, system: System, *words: str) -> tuple[int, str]:
        given = words or ("--identity", str(self.identity))
        return done(system.settings, "restore", str(self.folder), *given)


@pytest.fixture
def rings() -> dict[str, str]:
    return {name: make_keyring() for name in KEEPERS}


@pytest.fixture
def original(postgres: Databases, rings: dict[str, str]) -> System:
    system = System(postgres, rings)
    system.fill()
    return system


@pytest.fixture
def empty(postgres: Databases, rings: dict[str, str]) -> System:
    return System(postgres, rings, empty=True)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_it_comes_back_with_the_same_rows_and_the_same_chain(
    original: System, empty: System, store: Store
) -> None:
    lost = original.send("reporting")
    heard = original.send("booking", "reporting")
    forgotten = original.send(days_ago=40)
    store.keep(original)

    code, said = store.bring_back(empty)

    assert code == 0, said
    assert "Everything equals the original." in said
    assert "1 go again" in said
    waiting = "SELECT sent_at IS NULL FROM outbox WHERE id = :id"
    assert empty.query("assessment", waiting, id=lost)
    assert not empty.query("assessment", waiting, id=heard)
    assert not empty.query("assessment", waiting, id=forgotten)
    code, said = done(empty.settings, "audit", "verify")
    assert (code, said.count("whole: 3 rows in 1 seals")) == (0, len(KEEPERS)), said


def test_nothing_of_it_can_be_read_without_the_private_key(original: System, store: Store) -> None:
    store.keep(original)

    kept = b"".join(path.read_bytes() for path in store.folder.iterdir())

    assert b"case.read" not in kept
    assert b"PGDMP" not in kept
    assert (store.folder.stat().st_mode & 0o777) == 0o700


def test_databases_with_anything_in_them_are_left_alone(original: System, store: Store) -> None:
    store.keep(original)

    code, said = store.bring_back(original)

    assert code == 1
    assert "is not empty" in said
    assert original.query("accounts", "SELECT count(*) FROM audit") == 3


def test_a_damaged_file_is_refused_by_name(original: System, empty: System, store: Store) -> None:
    store.keep(original)
    damage(store.folder / "booking.dump.age")

    code, said = store.bring_back(empty)

    assert code == 1
    assert "booking.dump.age is damaged" in said
    assert empty.is_empty()


def test_a_manifest_that_was_changed_is_refused(
    original: System, empty: System, store: Store
) -> None:
    store.keep(original)
    path = store.folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["services"]["booking"]["tables"]["audit"] = 2
    path.write_text(json.dumps(manifest))

    code, said = store.bring_back(empty)

    assert code == 1
    assert "The manifest was changed" in said
    assert empty.is_empty()


def test_another_key_ring_and_a_lacking_key_are_said(
    original: System, empty: System, store: Store
) -> None:
    store.keep(original)
    empty.rings = {**empty.rings, "booking": make_keyring()}
    code, said = store.bring_back(empty)
    assert code == 1
    assert "The key ring of booking is another" in said

    key = json.loads(original.rings["booking"])["keys"]["k1"]
    empty.rings["booking"] = json.dumps({"active": "k9", "keys": {"k9": key}})
    code, said = store.bring_back(empty)
    assert code == 1
    assert "The key ring of booking" in said
    assert empty.is_empty()


def test_another_private_key_is_said(
    original: System, empty: System, store: Store, tmp_path: Path
) -> None:
    store.keep(original)
    make_identity(tmp_path / "other")

    code, said = store.bring_back(empty, "--identity", str(tmp_path / "other"))

    assert code == 1
    assert "but the backup is sealed to" in said
    assert empty.is_empty()


def test_a_backup_that_was_cut_off_leaves_nothing(original: System, store: Store) -> None:
    original.query("booking", "CREATE TABLE waits AS SELECT 1 AS one")
    with original.engines["booking"].begin() as holding:
        holding.execute(text("LOCK TABLE waits IN ACCESS EXCLUSIVE MODE"))
        process = begun(original.settings, "backup", str(store.folder), "--to", store.recipient)
        partly = store.folder.with_name("one.partly")
        while not partly.exists() and process.poll() is None:
            os.sched_yield()
        process.send_signal(signal.SIGTERM)
        process.communicate()

    assert process.returncode == 130
    assert not store.folder.exists()
    assert not partly.exists()


@pytest.fixture
def half_restored(original: System, empty: System, store: Store) -> Iterator[System]:
    """As a restore leaves it that was killed: a mark, and some tables."""
    store.keep(original)
    url = empty.engines["booking"].url.database
    empty.query("booking", f"COMMENT ON DATABASE \"{url}\" IS 'huixin: restore not finished'")
    empty.query("booking", "CREATE TABLE audit AS SELECT 1 AS one")
    yield empty


def test_a_restore_that_was_killed_is_begun_anew(half_restored: System, store: Store) -> None:
    code, said = store.bring_back(half_restored)

    assert code == 0, said
    assert half_restored.query("booking", "SELECT count(*) FROM audit") == 3


def test_a_dump_that_does_not_fit_leaves_the_databases_empty(
    original: System, empty: System, store: Store
) -> None:
    store.keep(original)
    done(original.settings, "backup", str(store.folder) + "-plain", "--plain")
    plain = store.folder.with_name("one-plain")
    manifest = json.loads((plain / "manifest.json").read_text())
    assert manifest["sealed_to"] is None
    truncated = (plain / "accounts.dump").read_bytes()
    code, said = _restore_truncated(plain, truncated[: len(truncated) * 3 // 4], original, empty)

    assert code == 1
    assert "pg_restore failed" in said
    assert empty.is_empty()


def _restore_truncated(
    folder: Path, content: bytes, original: System, empty: System
) -> tuple[int, str]:
    """A file that was short already when it was written: its digest says nothing."""
    (folder / "accounts.dump").write_bytes(content)
    found = digest_of(folder / "accounts.dump", lambda _: None)
    manifest = read_manifest(folder)
    short = msgspec.structs.replace(
        manifest.services["accounts"], sha256=found.sha256, size=found.size
    )
    manifest = msgspec.structs.replace(manifest, services={**manifest.services, "accounts": short})
    write_manifest(manifest.signed({n: original.ring(n) for n in KEEPERS}), folder)
    return done(empty.settings, "restore", str(folder))
