"""How moments look on the wire."""

from datetime import datetime
from typing import Any

from marshmallow import fields

from services.contracts.envelope import wire_time


class Moment(fields.AwareDateTime):
    """RFC 3339 in UTC with a `Z`."""

    def _serialize(
        self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any
    ) -> str | None:
        return None if value is None else wire_time(value)
