"""Fields that take exactly what they say."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields


class TrueOrFalse(fields.Boolean):
    """JSON's `true` or `false`; not 0, 1, "no" or "on", which a query may say."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("expected true or false")
        return value
