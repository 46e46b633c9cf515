"""The metadata of accounts' schema."""

from services.chassis.tables import new_metadata

metadata = new_metadata()
