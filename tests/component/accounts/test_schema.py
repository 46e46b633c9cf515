"""The migrations make exactly the tables the code declares."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from services.accounts import wiring
from services.accounts.tables import metadata
from tests.support.databases import Databases


def test_migrated_and_declared_tables_agree(postgres: Databases) -> None:
    assert wiring.AccountsUnitOfWork
    engine = create_engine(postgres.database("accounts"))

    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()

    assert differences == []
