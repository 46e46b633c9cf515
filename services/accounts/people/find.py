"""Finding the one person a typed login stands for."""

from services.accounts.people.domain import Person
from services.accounts.people.identifiers import sign_in_identifiers
from services.accounts.ports import AccountsWork


def find_person(login: str, uow: AccountsWork) -> Person | None:
    """By login or member number, else by a phone that is one person's alone; else None."""
    identifiers = sign_in_identifiers(login)
    found = uow.people.find(identifiers)
    for identifier in identifiers:
        owners = found.get(identifier, ())
        if len(owners) == 1:
            return uow.people.get(owners[0])
    return None
