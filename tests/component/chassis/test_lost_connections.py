"""A transaction whose connection the server has ended can be given up."""

from sqlalchemy import text

from services.chassis.context import new_context
from services.chassis.database import Database
from services.chassis.transaction import Transaction
from tests.support.databases import Databases


def test_giving_up_on_a_connection_that_is_gone_is_no_failure(postgres: Databases) -> None:
    database = Database(postgres.empty())
    transaction = Transaction(database, new_context(), lambda _urgent: None, lambda: None)
    backend = transaction.connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with database.reading() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": backend})

    transaction.abandon()

    assert transaction.connection.execute(text("SELECT 1")).scalar_one() == 1
    transaction.abandon()
    assert database.engine.pool.checkedout() == 0
    database.close()
