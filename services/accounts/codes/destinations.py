"""Where a code may be sent, and what it proves to have arrived there."""

from collections.abc import Sequence
from dataclasses import replace

from services.accounts.codes.domain import OneTimeCode
from services.accounts.people.contact_points import ContactPoint
from services.accounts.people.domain import Person
from services.accounts.ports import AccountsWork
from services.accounts.sessions.domain import Digest


def destinations(person: Person, uow: AccountsWork) -> Sequence[ContactPoint]:
    """Only what the person gave or confirmed, once there is a password that a code replaces.

    The same before the first password where a role takes two people: whoever gave the role could
    have written the address as well, and would need no second person.
    """
    points = uow.contact_points.of(person.id)
    if uow.credentials.find(person.id) is None and not person.takes_two:
        return points
    return [point for point in points if point.confirmed]


def point_digest(point: ContactPoint, digest: Digest) -> bytes:
    """By which a code remembers where it went; an address that took its place is another."""
    return digest(f"{point.channel.value}:{point.address}", "one-time-code-sent-to")


def confirm_destination(person: Person, code: OneTimeCode, uow: AccountsWork) -> None:
    """The address the code was sent to is read by whoever typed the code."""
    before = uow.contact_points.of(person.id)
    arrived = [point_digest(point, uow.digest) == code.sent_to for point in before]
    if any(arrived):
        after = [
            replace(point, confirmed=point.confirmed or here)
            for point, here in zip(before, arrived, strict=True)
        ]
        uow.contact_points.replace(person.id, after)
