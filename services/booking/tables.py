"""The metadata of booking's schema, and the table that numbers the parties of a session."""

from sqlalchemy import BigInteger, Column, Identity, Table, Uuid

from services.chassis.tables import new_metadata

metadata = new_metadata()

parties = Table(
    "parties",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("no", BigInteger, Identity(), nullable=False, unique=True),
)
