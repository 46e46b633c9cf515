"""Counsellors in the database."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Date,
    ForeignKey,
    Integer,
    Table,
    Text,
    Uuid,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import IntegrityError

from services.booking.experts.domain import (
    Counsellor,
    CounsellorAlreadyRegistered,
    CounsellorNotFound,
)
from services.booking.tables import metadata
from services.chassis.statements import broken_rule
from services.contracts.booking import Mode

counsellors = Table(
    "counsellors",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("specialities", ARRAY(Text), nullable=False),
    Column("modes", ARRAY(Text), nullable=False),
    Column("daily_limit", Integer, nullable=False),
    Column("credential_expires_on", Date, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("planned_until", Date),
    CheckConstraint("daily_limit > 0", name="daily_limit"),
)

counsellor_sites = Table(
    "counsellor_sites",
    metadata,
    Column("counsellor", ForeignKey("counsellors.id"), primary_key=True),
    Column("site", ForeignKey("sites.id"), primary_key=True, index=True),
)

BATCH = 5


class CounsellorRepository:
    """The expert pool, rows to domain and back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, counsellor: UUID) -> Counsellor:
        # FOR NO KEY UPDATE: bookings that refer to the counsellor need not wait.
        query = (
            select(counsellors)
            .where(counsellors.c.id == counsellor)
            .with_for_update(key_share=True)
        )
        row = self._connection.execute(query).mappings().first()
        if row is None:
            raise CounsellorNotFound
        sites = select(counsellor_sites.c.site).where(counsellor_sites.c.counsellor == counsellor)
        fields = {name: value for name, value in row.items() if name != "planned_until"}
        return Counsellor(
            **{**fields, "modes": [Mode(mode) for mode in row["modes"]]},
            sites=sorted(self._connection.execute(sites).scalars()),
        )

    def add(self, counsellor: Counsellor) -> None:
        try:
            self._connection.execute(counsellors.insert().values(**_row(counsellor)))
        except IntegrityError as error:
            if broken_rule(error) == "pk_counsellors":
                raise CounsellorAlreadyRegistered from error
            raise
        self._add_sites(counsellor)

    def save(self, counsellor: Counsellor) -> None:
        mine = counsellor_sites.c.counsellor == counsellor.id
        self._connection.execute(
            counsellors.update().where(counsellors.c.id == counsellor.id).values(**_row(counsellor))
        )
        self._connection.execute(counsellor_sites.delete().where(mine))
        self._add_sites(counsellor)

    def planned_until(self, counsellor: UUID, day: date) -> None:
        self._connection.execute(
            counsellors.update().where(counsellors.c.id == counsellor).values(planned_until=day)
        )

    def plan_again(self, site: UUID) -> None:
        there = select(counsellor_sites.c.counsellor).where(counsellor_sites.c.site == site)
        self._connection.execute(
            counsellors.update().where(counsellors.c.id.in_(there)).values(planned_until=None)
        )

    def due_for_planning(self, until: date) -> list[UUID]:
        planned = counsellors.c.planned_until
        query = (
            select(counsellors.c.id)
            .where(counsellors.c.active, or_(planned.is_(None), planned < until))
            .order_by(counsellors.c.id)
            .limit(BATCH)
        )
        return list(self._connection.execute(query).scalars())

    def _add_sites(self, counsellor: Counsellor) -> None:
        rows = [{"counsellor": counsellor.id, "site": site} for site in set(counsellor.sites)]
        if rows:
            self._connection.execute(counsellor_sites.insert(), rows)


def _row(counsellor: Counsellor) -> dict[str, Any]:
    return {name: value for name, value in vars(counsellor).items() if name != "sites"}
