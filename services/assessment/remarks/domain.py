"""A remark of the person's own beside a result: the result itself is never changed by it."""

from datetime import datetime

from msgspec import Struct

from services.chassis.errors import NotFound


class RemarkNotFound(NotFound):
    """Nothing was said to this result."""

    code = "remark-not-found"


class Said(Struct, frozen=True, kw_only=True):
    """What is kept sealed: whether the result fits, and what the person has to add."""

    agrees: bool | None
    text: str


class Remark(Struct, frozen=True, kw_only=True):
    """What was said, and when it was last written."""

    said: Said
    written_at: datetime
