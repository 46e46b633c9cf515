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
    """Where the unit stands in the tree, e.g. `wh/hc/e0001`."""
    name: str
    """What people call it."""
    level: str
    """Its level in the union's tree, as a code."""
    kind: str
    """What sort of organisation it is, e.g. `enterprise-union`."""
    status: str
    """`active` or `ended`."""
    parent: str | None = None
    """The path of the unit above; none for the root."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChangedV1(IntegrationEvent):
    """A person's roles, or the unit they hold for, changed; an empty tuple ends them all."""

    type: ClassVar[str] = "accounts.role-changed.v1"
    dataclass: ClassVar[DataClass] = DataClass.INTERNAL
    subject: ClassVar[str] = "person"

    person: UUID
    """Whose roles."""
    roles: tuple[str, ...]
    """All roles the person has now."""
    scope: str
    """The path of the unit the roles hold for, with all below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChangedV1(IntegrationEvent):
    """A person's contact points changed: readers ask accounts for them (ids only here)."""

    type: ClassVar[str] = "accounts.contact-changed.v1"
    dataclass: ClassVar[DataClass] = DataClass.INTERNAL
    subject: ClassVar[str] = "person"

    person: UUID
    """Whose contact points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureRequestedV1(IntegrationEvent):
    """A person asked to be forgotten; every service answers with its own completion."""

    type: ClassVar[str] = "accounts.erasure-requested.v1"
    dataclass: ClassVar[DataClass] = DataClass.CONFIDENTIAL
    subject: ClassVar[str] = "person"

    person: UUID
    """Who is to be forgotten."""
