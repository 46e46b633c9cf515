"""Fields and rules that take exactly what they say."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

EXPECTED = "expected a time between 1900 and 2200"
# Far from where adding a window or an offset leaves what a calendar can say.
OUR_TIMES = validate.Range(
    datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC), error=EXPECTED
)
OUR_DAYS = validate.Range(date(1900, 1, 1), date(2200, 1, 1), error=EXPECTED)


class TrueOrFalse(fields.Boolean):
    """JSON's `true` or `false`; not 0, 1, "no" or "on", which a query may say."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("expected true or false")
        return value
