"""What a marshmallow field refuses, as JSON Schema, where apispec alone would not say it."""

import re
from typing import Any

from marshmallow import fields, validate

CLOCK_TIME = {"type": "string", "pattern": "^([01]?[0-9]|2[0-3]):[0-5]?[0-9]$"}


def teach(converter: Any) -> None:
    """Let apispec's converter write our constraints down."""
    for function in (_own_words, _anchored, _chosen, _clock_time):
        converter.add_attribute_function(function)


def _own_words(_converter: Any, field: fields.Field[Any], **_more: Any) -> dict[str, Any]:
    """A field class or validator of ours says in `json_schema` what it takes."""
    found: dict[str, Any] = {}
    for each in (field, *field.validators):
        found.update(getattr(each, "json_schema", {}))
    return found


def _anchored(_converter: Any, field: fields.Field[Any], **_more: Any) -> dict[str, Any]:
    """Python matches from the start and knows `\\Z`; JSON Schema searches and does not."""
    for each in field.validators:
        if isinstance(each, validate.Regexp):
            return {"pattern": _ecma(each.regex)}
    return {}


def _ecma(regex: "re.Pattern[Any]") -> str:
    pattern = str(regex.pattern).replace(r"\Z", "$")
    return pattern if pattern.startswith("^") else f"^(?:{pattern.removesuffix('$')})$"


def _chosen(_converter: Any, field: fields.Field[Any], **_more: Any) -> dict[str, Any]:
    """An enumeration of which a route takes some members only."""
    if not isinstance(field, fields.Enum):
        return {}
    for each in field.validators:
        if isinstance(each, validate.OneOf):
            values = [choice.value for choice in each.choices]
            return {"enum": [*values, None] if field.allow_none else values}
    return {}


def _clock_time(_converter: Any, field: fields.Field[Any], **_more: Any) -> dict[str, Any]:
    if isinstance(field, fields.Time) and field.format == "%H:%M":
        return {**CLOCK_TIME, "type": ["string", "null"] if field.allow_none else "string"}
    return {}
