"""The metadata of accounts' schema."""

from sqlalchemy import Column, DateTime

from services.chassis.tables import new_metadata

metadata = new_metadata()


def moment(name: str, *, nullable: bool = False) -> Column[object]:
    """A moment in time."""
    return Column(name, DateTime(timezone=True), nullable=nullable)
