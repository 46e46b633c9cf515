"""What the use cases need of the store of people."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.accounts.people.contact_points import ContactPoint
from services.accounts.people.domain import Person, Profile
from services.accounts.people.identifiers import Identifier


class People(Protocol):
    """People with what is sealed about them."""

    def get(self, person: UUID) -> Person:
        """The person, locked until the end of the transaction; raises PersonNotFound."""
        ...

    def get_many(self, people: Collection[UUID]) -> Mapping[UUID, Person]:
        """Those of them there are, locked."""
        ...

    def add_many(self, people: Sequence[tuple[Person, Profile | None]]) -> None:
        """Store new ones; a temporary person has no profile."""
        ...

    def save(self, person: Person) -> None:
        """Store the person's present state."""
        ...

    def profile(self, person: UUID) -> Profile:
        """Name and identifiers, opened."""
        ...

    def save_profile(self, person: UUID, profile: Profile) -> None:
        """Seal name and identifiers, and index what may be looked up."""
        ...

    def find(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, Sequence[UUID]]:
        """Whom each identifier belongs to; nobody's are absent. A phone may be shared."""
        ...

    def end_expired(self, now: datetime) -> int:
        """End the temporary people whose time is over, and say how many they were."""
        ...


class ContactPoints(Protocol):
    """Sealed addresses by person and channel."""

    def of(self, person: UUID) -> Sequence[ContactPoint]:
        """The person's, opened."""
        ...

    def of_many(self, people: Collection[UUID]) -> Mapping[UUID, Sequence[ContactPoint]]:
        """The same of many; who has none is absent."""
        ...

    def add_many(self, points: Mapping[UUID, Sequence[ContactPoint]]) -> None:
        """The first ones of new people."""
        ...

    def replace(self, person: UUID, points: Sequence[ContactPoint]) -> None:
        """These and no others from now on; a phone can be looked up."""
        ...
