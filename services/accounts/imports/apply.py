"""Applying rows: each one creates a person, changes one, changes nothing, or is refused."""

from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

from services.accounts.imports.merge import merge_row
from services.accounts.imports.reading import Reading
from services.accounts.imports.report import Outcome, Report
from services.accounts.imports.rows import Row, RowError
from services.accounts.people.contact_points import ContactPoint
from services.accounts.people.domain import Person, Profile
from services.accounts.people.granting import check_grant, grantable_by
from services.accounts.people.identifiers import handle
from services.accounts.people.publishing import announce_person
from services.accounts.people.regranting import Held, settle_roles
from services.accounts.ports import AccountsWork
from services.accounts.units.domain import Unit
from services.accounts.units.reach import reaches
from services.chassis.access import Principal, Role
from services.chassis.errors import ServiceError

Refusal = tuple[str, str, str]
"""Field, code, message."""


class Chunk:
    """Some rows, looked up together and applied in one transaction."""

    def __init__(
        self, by: Principal, uow: AccountsWork, report: Report, seen: dict[str, int]
    ) -> None:
        self._by, self._uow, self._report, self._seen = by, uow, report, seen
        self._grantable = grantable_by(by)
        self._new: list[tuple[Person, Profile]] = []
        self._new_points: dict[UUID, Sequence[ContactPoint]] = {}

    def apply(self, batch: Sequence[Reading]) -> None:
        """Apply what can be applied; the report says what became of each."""
        rows = []
        for each in batch:
            if not isinstance(each, Row):
                self._report.refuse(each)
            elif refusal := self._repeated(each):
                self._refuse(each, refusal)
            else:
                rows.append(each)
        self._look_up(rows)
        for row in rows:
            self._apply_row(row)
        self._uow.people.add_many(self._new)
        self._uow.contact_points.add_many(self._new_points)
        for person, _ in self._new:
            announce_person(person, self._uow)

    def _look_up(self, rows: Sequence[Row]) -> None:
        paths = {path for row in rows for path in (row.unit, row.scope) if path}
        self._units: Mapping[str, Unit] = self._uow.units.names(paths)
        handles = [handle(value) for row in rows for value in row.profile.handles]
        found = self._uow.people.find(handles)
        self._owners = {identifier.value: owners[0] for identifier, owners in found.items()}
        known = set(self._owners.values())
        self._people = self._uow.people.get_many(known)
        self._without_password = self._uow.credentials.missing(known)

    def _apply_row(self, row: Row) -> None:
        owners = {self._owners[each] for each in row.profile.handles if each in self._owners}
        person = self._people[owners.pop()] if len(owners) == 1 else None
        if owners:
            field = "login" if row.profile.login in self._owners else "member_no"
            self._refuse(row, (field, "belongs-to-another", "this is another person's"))
        elif refusal := self._unit_refusal(row):
            self._refuse(row, refusal)
        elif person is None:
            self._create(row)
        else:
            self._update(row, person)

    def _create(self, row: Row) -> None:
        person = Person(id=uuid4(), unit=row.unit, roles=frozenset())
        roles = row.roles if row.roles is not None else frozenset({Role.WORKER})
        if not roles <= self._grantable:
            self._refuse(row, ("roles", "role-above-yours", "you cannot give this role"))
            return
        person.change_roles(roles, row.scope or row.unit)
        person.granted_by = frozenset({self._by.person})
        person.language = row.language or "zh"
        person.imported = self._mark(row)
        if person.staff and row.points:
            person.contact_changed()
        self._new.append((person, row.profile))
        if row.points:
            self._new_points[person.id] = row.points
        self._report.count(Outcome.CREATED)

    def _update(self, row: Row, person: Person) -> None:
        mark = self._mark(row)
        if person.imported == mark:
            self._report.count(Outcome.UNCHANGED)
        elif refusal := self._update_refusal(row, person):
            self._refuse(row, refusal)
        else:
            own_addresses = person.id not in self._without_password
            before = Held.by(person)
            merged = merge_row(row, person, self._uow, own_addresses=own_addresses)
            settle_roles(person, before, self._by.person, self._uow)
            person.imported = mark
            self._uow.people.save(person)
            announce_person(person, self._uow)
            self._report.count(Outcome.UPDATED if merged.changed else Outcome.UNCHANGED)
            self._report.addresses_kept += merged.addresses_kept

    def _unit_refusal(self, row: Row) -> Refusal | None:
        for field, path in (("unit", row.unit), ("scope", row.scope)):
            if path is None:
                continue
            if not reaches(self._by, path):
                return field, "unit-not-yours", "this unit is not in your part of the tree"
            if path not in self._units or not self._units[path].active:
                return field, "unknown-unit", "there is no such unit, or it has ended"
        return None

    def _update_refusal(self, row: Row, person: Person) -> Refusal | None:
        if not person.active:
            return "member_no", "has-ended", "this person's account has ended"
        if not reaches(self._by, person.token_unit):
            return "unit", "unit-not-yours", "the person belongs to a unit that is not yours"
        roles = row.roles if row.roles is not None else person.roles
        scope = row.scope or person.scope or row.unit
        if roles == person.roles and (not person.staff or scope == person.token_unit):
            allowed = person.roles <= self._grantable or person.id == self._by.person
            refusal = ("roles", "role-above-yours", "this person's account is above yours")
            return None if allowed else refusal
        try:
            check_grant(self._by, person, roles, scope)
        except ServiceError as error:
            return "roles", error.code, error.title
        return None

    def _repeated(self, row: Row) -> Refusal | None:
        for value in row.profile.handles:
            first = self._seen.setdefault(value, row.number)
            if first != row.number:
                field = "member_no" if value == row.profile.member_no else "login"
                return field, "repeated", f"row {first} has this already"
        return None

    def _mark(self, row: Row) -> bytes:
        return self._uow.digest(row.canonical(), "import-row")

    def _refuse(self, row: Row, refusal: Refusal) -> None:
        field, code, message = refusal
        self._report.refuse([RowError(row.number, field, code, message)])
