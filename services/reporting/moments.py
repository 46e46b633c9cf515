"""Moments on the wire: RFC 3339 in UTC with a `Z`."""

from typing import Any

from marshmallow import fields

from services.contracts.envelope import wire_time


class Moment(fields.AwareDateTime):
    """An aware moment."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else wire_time(value)
