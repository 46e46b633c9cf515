"""The migrated schema is the one the code describes."""

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import services.booking.service  # noqa: F401  # brings every table into the metadata
from services.booking.tables import metadata


def test_the_migrations_make_the_tables_the_code_describes(postgres):
    engine = sa.create_engine(postgres.database("booking"))

    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)

    assert differences == []
    engine.dispose()
