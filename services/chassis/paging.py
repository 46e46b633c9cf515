"""Lists in pages: an opaque cursor that says where the next page starts."""

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from marshmallow import Schema, fields, validate

from services.chassis.errors import FieldError, InvalidInput

MAX_LIMIT = 200
DEFAULT_LIMIT = 50
LARGEST = 2**63 - 1

T = TypeVar("T")


class BadCursor(InvalidInput):
    """The cursor is not one this list gave out."""

    code = "bad-cursor"


class PageSchema(Schema):
    """The query of every list; a route's own filters extend it."""

    cursor = fields.String(load_default=None, validate=validate.Length(max=400))
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, MAX_LIMIT))


def page(
    rows: Sequence[T], limit: int, key: Callable[[T], Sequence[Any]], items: Sequence[Any]
) -> dict[str, Any]:
    """`{"items", "next"}` of rows fetched with `limit + 1`; `key` is what the list is sorted by."""
    more = len(rows) > limit
    return {
        "items": list(items[:limit]),
        "next": encode_cursor(key(rows[limit - 1])) if more else None,
    }


def encode_cursor(key: Sequence[Any]) -> str:
    """The sort key of a page's last row, as opaque text."""
    return base64.urlsafe_b64encode(msgspec.json.encode(list(key))).rstrip(b"=").decode()


def decode_cursor(cursor: str | None, kinds: Sequence[type]) -> list[Any] | None:
    """The sort key, its parts of these types; None without a cursor; raises BadCursor."""
    if cursor is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        parts = msgspec.json.decode(raw, type=list[Any])
        return [_part(part, kind) for part, kind in zip(parts, kinds, strict=True)]
    except (ValueError, OverflowError, RecursionError, binascii.Error) as error:
        message = "expected the `next` of a page of this list"
        raise BadCursor(errors=[FieldError("cursor", message)]) from error


def _part(value: Any, kind: type) -> Any:
    """One part of the key; raises ValueError or OverflowError for what no row can have."""
    found: Any = msgspec.convert(value, kind)
    if isinstance(found, datetime):
        if found.tzinfo is None:
            raise ValueError("a time without an offset")
        return found.astimezone(UTC)
    if isinstance(found, int) and not -LARGEST <= found <= LARGEST:
        raise OverflowError(found)
    if isinstance(found, str) and "\0" in found:
        raise ValueError("NUL")
    return found
