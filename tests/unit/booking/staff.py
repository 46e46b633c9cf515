"""Accounts' people in memory."""

from uuid import UUID, uuid4

from services.booking.staff import Member
from services.chassis.access import Role


class FakeStaff:
    """Knows whom a test mentions; `everybody` makes strangers hold these roles."""

    def __init__(self, *everybody: Role, unit: str = "wh/hc") -> None:
        self.known: dict[UUID, Member] = {}
        self.else_known = Member(roles=frozenset(everybody), unit=unit) if everybody else None

    def holds(self, *roles: Role, unit: str = "wh/hc") -> UUID:
        """A person who holds exactly these roles."""
        person = uuid4()
        self.known[person] = Member(roles=frozenset(roles), unit=unit)
        return person

    def member(self, person: UUID) -> Member | None:
        return self.known.get(person, self.else_known)
