"""What every integration event is: a frozen dataclass with a type, a data class and a subject."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from msgspec import Meta

Moment = Annotated[datetime, Meta(tz=True)]
"""An aware time; on the wire RFC 3339."""


class DataClass(StrEnum):
    """Who may read an event (design 6): `public` ones alone leave the federation's own services."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"


class IntegrationEvent:
    """A fact another service may rely on; once released, fields are only ever added.

    `type` is the CloudEvents type and the routing key, `dataclass` who may read it, `subject`
    the field that holds the aggregate's id: events of one subject are numbered without gaps.
    `replaced_by`: the type that is sent beside this one, which goes when no queue binds it.
    """

    type: ClassVar[str]
    dataclass: ClassVar[DataClass]
    subject: ClassVar[str]
    replaced_by: ClassVar[str] = ""

    __slots__ = ()

    @classmethod
    def sender(cls) -> str:
        """The service that sends it, which is the first word of its type."""
        return cls.type.split(".", 1)[0]

    def subject_id(self) -> str:
        """The id of the aggregate this event tells of."""
        return str(getattr(self, self.subject))


EventType = type[IntegrationEvent]
Json = dict[str, Any]
