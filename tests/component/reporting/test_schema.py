"""The tables the code thinks of are the tables the migrations make."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from services.reporting.tables import metadata
from tests.support.servers import TestPostgres


def test_metadata_and_migrated_schema_are_the_same(postgres: TestPostgres) -> None:
    engine = create_engine(postgres.database("reporting"))

    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)

    assert differences == []
    engine.dispose()
