"""The stores of accounts in memory."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.accounts.codes.domain import OneTimeCode
from services.accounts.imports.ports import ImportDone
from services.accounts.keys.domain import SigningKey
from services.accounts.people.contact_points import ContactPoint
from services.accounts.people.domain import Person, PersonNotFound, Profile
from services.accounts.people.identifiers import Identifier, handle, phone
from services.accounts.sessions.domain import EndReason, Session
from services.accounts.sessions.ports import Credential
from services.accounts.sessions.throttling import Failures
from services.accounts.units.domain import Unit, UnitNotFound
from services.contracts.event import IntegrationEvent

NINE = datetime(2025, 6, 2, 1, 0, tzinfo=UTC)
INSTANT, HOUR = timedelta(microseconds=1), timedelta(hours=1)
RIGHT = "a right password"


class FakeUnits:
    def __init__(self) -> None:
        self.all: dict[str, Unit] = {}

    def find(self, path: str) -> Unit | None:
        return self.all.get(path)

    def get(self, path: str) -> Unit:
        if path not in self.all:
            raise UnitNotFound
        return self.all[path]

    def names(self, paths: Collection[str]) -> Mapping[str, Unit]:
        return {path: self.all[path] for path in paths if path in self.all}

    def in_use(self, path: str) -> bool:
        return any(unit.parent == path and unit.active for unit in self.all.values())

    def add(self, unit: Unit) -> None:
        self.all[unit.path] = unit

    save = add


class FakePeople:
    def __init__(self, points: "FakeContactPoints") -> None:
        self.all: dict[UUID, Person] = {}
        self.profiles: dict[UUID, Profile] = {}
        self._points = points

    def get(self, person: UUID) -> Person:
        if person not in self.all:
            raise PersonNotFound
        return deepcopy(self.all[person])

    def get_many(self, wanted: Collection[UUID]) -> Mapping[UUID, Person]:
        return {each: self.get(each) for each in wanted if each in self.all}

    def add_many(self, new: Sequence[tuple[Person, Profile | None]]) -> None:
        for person, profile in new:
            self.all[person.id] = person
            if profile:
                self.profiles[person.id] = profile

    def save(self, person: Person) -> None:
        self.all[person.id] = person

    def profile(self, person: UUID) -> Profile:
        return self.profiles[person]

    def save_profile(self, person: UUID, profile: Profile) -> None:
        self.profiles[person] = profile

    def find(self, wanted: Sequence[Identifier]) -> Mapping[Identifier, Sequence[UUID]]:
        owners: dict[Identifier, list[UUID]] = defaultdict(list)
        for person, profile in self.profiles.items():
            for value in profile.handles:
                owners[handle(value)].append(person)
        for person, points in self._points.all.items():
            for point in points:
                owners[phone(point.address)].append(person)
        return {each: owners[each] for each in wanted if each in owners}

    def end_expired(self, now: datetime) -> int:
        over = [each for each in self.all.values() if each.expires_at and each.expires_at <= now]
        for person in over:
            person.end()
        return len(over)


class FakeContactPoints:
    def __init__(self) -> None:
        self.all: dict[UUID, Sequence[ContactPoint]] = {}

    def of(self, person: UUID) -> Sequence[ContactPoint]:
        return self.all.get(person, ())

    def of_many(self, people: Collection[UUID]) -> Mapping[UUID, Sequence[ContactPoint]]:
        return {each: self.all[each] for each in people if each in self.all}

    def add_many(self, points: Mapping[UUID, Sequence[ContactPoint]]) -> None:
        self.all.update(points)

    def replace(self, person: UUID, points: Sequence[ContactPoint]) -> None:
        self.all[person] = points


class FakeCredentials:
    def __init__(self) -> None:
        self.all: dict[UUID, Credential] = {}

    def find(self, person: UUID) -> Credential | None:
        return self.all.get(person)

    def replace(self, person: UUID, password_hash: str, now: datetime) -> None:
        self.all[person] = Credential(password_hash, now)

    def replace_many(self, hashes: Mapping[UUID, str], now: datetime) -> None:
        for person, password_hash in hashes.items():
            self.replace(person, password_hash, now)

    def remove(self, person: UUID) -> None:
        self.all.pop(person, None)

    def missing(self, people: Collection[UUID]) -> set[UUID]:
        return set(people) - set(self.all)


class FakeSessions:
    def __init__(self) -> None:
        self.all: dict[UUID, Session] = {}

    def find(self, session: UUID) -> Session | None:
        return deepcopy(self.all.get(session))

    def add(self, session: Session) -> None:
        self.all[session.id] = session

    save = add

    def end_all(self, person: UUID, reason: EndReason, *, but: UUID | None = None) -> None:
        for session in self.all.values():
            if session.person == person and session.id != but:
                session.end(reason)

    def forget_old(self, before: datetime) -> None:
        self.all = {k: each for k, each in self.all.items() if each.expires_at >= before}


class FakeThrottles:
    def __init__(self) -> None:
        self.all: dict[bytes, Failures] = {}

    def read(self, keys: Sequence[bytes]) -> Mapping[bytes, Failures]:
        return {key: self.all[key] for key in keys if key in self.all}

    def count(self, keys: Sequence[bytes], now: datetime, forgotten_before: datetime) -> None:
        for key in keys:
            before = self.all.get(key)
            known = before is not None and before.last_at >= forgotten_before
            self.all[key] = Failures(before.count + 1 if before and known else 1, now)

    def forget(self, keys: Sequence[bytes]) -> None:
        for key in keys:
            self.all.pop(key, None)

    def forget_old(self, before: datetime) -> None:
        self.all = {key: each for key, each in self.all.items() if each.last_at >= before}


class FakeCodes:
    def __init__(self) -> None:
        self.all: dict[tuple[UUID, str], OneTimeCode] = {}

    def of(self, person: UUID) -> Sequence[OneTimeCode]:
        return [code for code in self.all.values() if code.person == person]

    def find(self, code: UUID) -> OneTimeCode | None:
        return next((each for each in self.all.values() if each.id == code), None)

    def put(self, code: OneTimeCode) -> None:
        self.all[code.person, code.purpose] = code

    def drop_all(self, person: UUID) -> None:
        self.all = {key: code for key, code in self.all.items() if code.person != person}


class FakeSigningKeys:
    def __init__(self) -> None:
        self.stored: dict[str, SigningKey] = {}

    def all(self) -> Sequence[SigningKey]:
        return list(self.stored.values())

    def lock(self) -> None:
        pass

    def add(self, key: SigningKey) -> None:
        self.stored[key.kid] = key

    def drop(self, kid: str) -> None:
        del self.stored[kid]


class FakeImports:
    def __init__(self) -> None:
        self.all: list[ImportDone] = []

    def lock(self) -> None:
        pass

    def add(self, done: ImportDone) -> None:
        self.all.append(done)


class FakeTimers:
    def __init__(self) -> None:
        self.all: dict[tuple[str, str], Mapping[str, Any]] = {}

    def set(
        self, kind: str, key: str, due_at: datetime, payload: Mapping[str, Any] | None = None
    ) -> None:
        self.all[kind, key] = payload or {}

    def cancel(self, kind: str, key: str) -> None:
        self.all.pop((kind, key), None)


class FakeVault:
    """Keeps a secret by turning it round; enough to see what was sealed for whom."""

    def seal(self, person: UUID | None, plaintext: bytes, context: str) -> bytes:
        return plaintext[::-1] + f"|{person}|{context}".encode()

    def open(self, person: UUID | None, sealed: bytes, context: str) -> bytes:
        mark = f"|{person}|{context}".encode()
        assert sealed.endswith(mark)
        return sealed.removesuffix(mark)[::-1]


@dataclass(frozen=True)
class Looked:
    action: str
    person: UUID | None
    reason: str


class FakeWork:
    """A unit of work whose stores are dictionaries; what is not committed is not undone."""

    def __init__(self, now: datetime = NINE) -> None:
        self.units = FakeUnits()
        self.contact_points = FakeContactPoints()
        self.people = FakePeople(self.contact_points)
        self.credentials = FakeCredentials()
        self.sessions = FakeSessions()
        self.throttles = FakeThrottles()
        self.codes = FakeCodes()
        self.signing_keys = FakeSigningKeys()
        self.imports = FakeImports()
        self.timers = FakeTimers()
        self.vault = FakeVault()
        self.published: list[IntegrationEvent] = []
        self.looks: list[Looked] = []
        self.commits = 0
        self._now = now

    def digest(self, value: str, context: str) -> bytes:
        return hashlib.sha256(f"{context}|{value}".encode()).digest()

    def now(self) -> datetime:
        return self._now

    def publish(self, event: IntegrationEvent, *, unit: str = "", urgent: bool = False) -> None:
        self.published.append(event)

    def audit(
        self, action: str, subject: UUID | str, person: UUID | None = None, reason: str = ""
    ) -> None:
        self.looks.append(Looked(action, person, reason))

    def commit(self) -> None:
        self.commits += 1

    def __enter__(self) -> "FakeWork":
        return self

    def __exit__(self, *_error: object) -> None:
        pass


DIGEST = FakeWork().digest


class FakePasswords:
    """Hashes that can be read; `work` counts what was computed."""

    def __init__(self) -> None:
        self.work = 0

    def hash(self, password: str) -> str:
        self.work += 1
        return f"hash of {password}"

    def verify(self, stored: str | None, password: str) -> bool:
        self.work += 1
        return stored == f"hash of {password}"

    def outdated(self, stored: str) -> bool:
        return False
