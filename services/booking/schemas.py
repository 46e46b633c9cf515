"""Fields that several topics send and take."""

from datetime import date, datetime, time
from enum import Enum
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate

from services.booking.calendar import moment
from services.chassis.fields import OUR_TIMES
from services.contracts.booking import Mode

NO_MOMENT = "expected an RFC 3339 time, or a day"
UNIT_PATH = validate.Regexp(r"[a-z0-9-]+(/[a-z0-9-]+)*\Z", error="expected a path such as wh/hc")


class Moment(fields.AwareDateTime):
    """RFC 3339; sent in UTC with a `Z`, which the JSON encoder of the chassis writes."""

    def _serialize(self, value: Any, *_args: Any, **_more: Any) -> Any:
        return value


class Choice(fields.Enum[Any]):
    """One of an enumeration's values; read from the domain or straight from a row."""

    def __init__(self, choices: type[Enum], **options: Any) -> None:
        super().__init__(choices, by_value=True, **options)

    def _serialize(self, value: Any, *_args: Any, **_more: Any) -> Any:
        return value.value if isinstance(value, Enum) else value


class MomentOrDay(fields.Field[datetime]):
    """A moment, or a day of the city, which stands for the moment it begins."""

    json_schema: ClassVar[dict[str, Any]] = {
        "type": "string",
        "anyOf": [{"format": "date-time"}, {"format": "date"}],
    }

    def _deserialize(self, value: Any, *_args: Any, **_more: Any) -> datetime:
        try:
            if len(value) == len("2025-01-01"):
                return OUR_TIMES(moment(date.fromisoformat(value), time.min))
            # In a query an unescaped `+` of the offset arrives as a space.
            found = datetime.fromisoformat(value.replace(" ", "+"))
        except (ValueError, TypeError, OverflowError) as error:
            raise ValidationError(NO_MOMENT) from error
        if found.tzinfo is None:
            raise ValidationError(NO_MOMENT)
        return OUR_TIMES(found)


def mode_field(**options: Any) -> Choice:
    """How a session is held."""
    return Choice(Mode, **options)


def modes_field(**options: Any) -> fields.List[Mode]:
    """Several ways of holding a session, at least one, none twice."""
    return fields.List(mode_field(), validate=SomeAndDistinct(), **options)


def text_field(longest: int, *, shortest: int = 0, **options: Any) -> fields.String:
    """Text of bounded length without surrounding space."""
    return fields.String(validate=[validate.Length(shortest, longest), Trimmed()], **options)


class SomeAndDistinct(validate.Validator):
    """At least one, and none twice."""

    json_schema: ClassVar[dict[str, Any]] = {"minItems": 1, "uniqueItems": True}

    def __call__(self, value: list[Mode]) -> list[Mode]:
        """Raise ValidationError."""
        if not value or len(set(value)) != len(value):
            raise ValidationError("expected at least one, and none twice")
        return value


class Trimmed(validate.Validator):
    """No space before or after the text."""

    json_schema: ClassVar[dict[str, Any]] = {"pattern": r"^(\S([\s\S]*\S)?)?$"}

    def __call__(self, value: str) -> str:
        """Raise ValidationError."""
        if value != value.strip():
            raise ValidationError("expected text without surrounding space")
        return value
