"""Weekly hours and exceptions in the database."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Date,
    ForeignKey,
    SmallInteger,
    Table,
    Text,
    Time,
    Uuid,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.booking.availability.domain import (
    DayException,
    ExceptionKind,
    ExceptionNotFound,
    WeeklyHours,
)
from services.booking.tables import metadata
from services.contracts.booking import Mode

weekly_hours = Table(
    "weekly_hours",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("counsellor", ForeignKey("counsellors.id"), nullable=False, index=True),
    Column("weekday", SmallInteger, nullable=False),
    Column("starts", Time, nullable=False),
    Column("ends", Time, nullable=False),
    Column("site", ForeignKey("sites.id"), nullable=False),
    Column("room", ForeignKey("rooms.id")),
    Column("modes", ARRAY(Text), nullable=False),
    Column("valid_from", Date),
    Column("valid_until", Date),
    CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
    CheckConstraint("starts < ends", name="order"),
)

day_exceptions = Table(
    "day_exceptions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("counsellor", ForeignKey("counsellors.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("starts", Time),
    Column("ends", Time),
    Column("site", ForeignKey("sites.id")),
    Column("room", ForeignKey("rooms.id")),
    Column("modes", ARRAY(Text), nullable=False),
    CheckConstraint("kind IN ('away', 'extra')", name="kind"),
    CheckConstraint("first_day <= last_day", name="order"),
)


class AvailabilityRepository:
    """Hours and exceptions, rows to domain and back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hours_of(self, counsellor: UUID) -> list[WeeklyHours]:
        query = (
            select(weekly_hours)
            .where(weekly_hours.c.counsellor == counsellor)
            .order_by(weekly_hours.c.weekday, weekly_hours.c.starts)
        )
        return [_hours(row) for row in self._connection.execute(query).mappings()]

    def replace_hours(self, counsellor: UUID, hours: Sequence[WeeklyHours]) -> None:
        mine = weekly_hours.c.counsellor == counsellor
        self._connection.execute(weekly_hours.delete().where(mine))
        rows = [
            {**vars(each), "modes": list(each.modes), "counsellor": counsellor} for each in hours
        ]
        if rows:
            self._connection.execute(weekly_hours.insert(), rows)

    def exceptions_of(self, counsellor: UUID, since: date) -> list[DayException]:
        query = (
            select(day_exceptions)
            .where(day_exceptions.c.counsellor == counsellor, day_exceptions.c.last_day >= since)
            .order_by(day_exceptions.c.first_day, day_exceptions.c.id)
        )
        return [_exception(row) for row in self._connection.execute(query).mappings()]

    def add_exception(self, exception: DayException) -> None:
        values = {**vars(exception), "modes": list(exception.modes)}
        self._connection.execute(day_exceptions.insert().values(**values))

    def remove_exception(self, counsellor: UUID, exception: UUID) -> None:
        statement = day_exceptions.delete().where(
            day_exceptions.c.id == exception, day_exceptions.c.counsellor == counsellor
        )
        if self._connection.execute(statement).rowcount == 0:
            raise ExceptionNotFound


def _hours(row: Mapping[Any, Any]) -> WeeklyHours:
    fields = {name: value for name, value in row.items() if name != "counsellor"}
    return WeeklyHours(**{**fields, "modes": _modes(row)})


def _exception(row: Mapping[Any, Any]) -> DayException:
    return DayException(**{**row, "kind": ExceptionKind(row["kind"]), "modes": _modes(row)})


def _modes(row: Mapping[Any, Any]) -> tuple[Mode, ...]:
    return tuple(Mode(mode) for mode in row["modes"])
