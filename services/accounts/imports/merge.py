"""What a row changes about a person who is known already."""

from dataclasses import dataclass

from services.accounts.imports.rows import Row
from services.accounts.people.contact_points import ContactPoint
from services.accounts.people.domain import Person, Profile
from services.accounts.ports import AccountsWork


@dataclass(frozen=True, slots=True)
class Merged:
    """Whether anything changed, and whether addresses were left to the person."""

    changed: bool
    addresses_kept: bool


def merge_row(row: Row, person: Person, uow: AccountsWork, *, own_addresses: bool) -> Merged:
    """Change what the row says otherwise; fields it leaves empty stay as they are."""
    changes = [
        _merge_profile(row, person, uow),
        _merge_place(row, person),
        _merge_language(row, person),
    ]
    before = list(uow.contact_points.of(person.id))
    after = _merged_points(row, before)
    differ = set(before) != set(after)
    if differ and not own_addresses:
        uow.contact_points.replace(person.id, after)
        person.contact_changed()
        changes.append(True)
    return Merged(any(changes), differ and own_addresses)


def _merge_profile(row: Row, person: Person, uow: AccountsWork) -> bool:
    before = uow.people.profile(person.id)
    after = Profile(
        name=row.profile.name,
        login=row.profile.login or before.login,
        member_no=row.profile.member_no or before.member_no,
    )
    if after != before:
        uow.people.save_profile(person.id, after)
    return after != before


def _merge_place(row: Row, person: Person) -> bool:
    before = (person.unit, person.roles, person.scope)
    person.move(row.unit)
    if row.roles is not None or row.scope is not None:
        roles = row.roles if row.roles is not None else person.roles
        person.change_roles(roles, row.scope or person.scope or row.unit)
    return (person.unit, person.roles, person.scope) != before


def _merge_language(row: Row, person: Person) -> bool:
    before = person.language
    person.language = row.language or before
    return person.language != before


def _merged_points(row: Row, before: list[ContactPoint]) -> list[ContactPoint]:
    kept = [point for point in before if point.channel not in row.channels]
    return [*kept, *row.points]
