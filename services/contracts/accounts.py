"""What accounts tells the other services: units, roles, and that contact points changed."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from services.contracts.event import DataClass, IntegrationEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitChangedV1(IntegrationEvent):
    """A node of the union's tree was made, renamed, moved or ended."""

    type: ClassVar[str] = "accounts.unit-changed.v1"
    dataclass: ClassVar[DataClass] = DataClass.PUBLIC
    subject: ClassVar[str] = "path"

    path: str
    name: str
    level: str
    kind: str
    status: str
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChangedV1(IntegrationEvent):
    """A person's roles, or the unit they hold for, changed; an empty tuple ends them all."""

    type: ClassVar[str] = "accounts.role-changed.v1"
    dataclass: ClassVar[DataClass] = DataClass.INTERNAL
    subject: ClassVar[str] = "person"

    person: UUID
    roles: tuple[str, ...]
    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChangedV1(IntegrationEvent):
    """A person's contact points changed: readers ask accounts for them (ids only here)."""

    type: ClassVar[str] = "accounts.contact-changed.v1"
    dataclass: ClassVar[DataClass] = DataClass.INTERNAL
    subject: ClassVar[str] = "person"

    person: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureRequestedV1(IntegrationEvent):
    """A person asked to be forgotten; every service answers with its own completion."""

    type: ClassVar[str] = "accounts.erasure-requested.v1"
    dataclass: ClassVar[DataClass] = DataClass.CONFIDENTIAL
    subject: ClassVar[str] = "person"

    person: UUID
