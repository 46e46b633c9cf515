"""Telling which rule of the schema a statement broke."""

from psycopg2 import errors as pg
from sqlalchemy.exc import DBAPIError


def broken_rule(error: DBAPIError) -> str | None:
    """The name of the violated constraint or unique index, if that is what went wrong."""
    if isinstance(error.orig, pg.IntegrityError):
        return error.orig.diag.constraint_name
    return None
