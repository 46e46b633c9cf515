"""Finding the one person a typed login stands for."""

from uuid import UUID

from services.accounts.people.domain import Person
from services.accounts.people.identifiers import sign_in_identifiers
from services.accounts.ports import AccountsWork

NOBODY = UUID(int=0)
"""Asked for in place of whom a login stands for, so that an unknown one takes as many questions."""


def find_person(login: str, uow: AccountsWork) -> Person | None:
    """By login or member number, else by a phone that is one person's alone; else None."""
    owner = _owner(login, uow)
    return uow.people.get_many([owner]).get(owner)


def _owner(login: str, uow: AccountsWork) -> UUID:
    identifiers = sign_in_identifiers(login)
    found = uow.people.find(identifiers)
    for identifier in identifiers:
        owners = found.get(identifier, ())
        if len(owners) == 1:
            return owners[0]
    return NOBODY
