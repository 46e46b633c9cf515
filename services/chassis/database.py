"""A service's own PostgreSQL: the engine, and connections to read from."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from nameko.extensions import DependencyProvider
from sqlalchemy import Connection, Engine, create_engine, text

# One plan for every run of a prepared statement: planning again would cost what preparing saves.
OPTIONS = "-c timezone=UTC -c plan_cache_mode=force_generic_plan"


class Database:
    """Hands out connections; nothing connects before the first of them is asked for."""

    def __init__(self, url: str, pool: int = 20) -> None:
        self.engine: Engine = create_engine(
            url,
            pool_size=pool,
            max_overflow=pool,
            pool_timeout=10,
            pool_recycle=1800,
            pool_reset_on_return="rollback",
            connect_args={"connect_timeout": 5, "options": OPTIONS},
        )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection without a transaction of its own: each statement sees what is committed."""
        with self.engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    def rows(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The rows of one statement, prepared once a connection and run past SQLAlchemy.

        For reads where planning and mapping would cost more than the rows. `statement` has places
        such as `$1::uuid` and sees what is committed.
        """
        connection = self.engine.raw_connection()
        driver: Any = connection.driver_connection
        try:
            driver.autocommit = True
            with driver.cursor() as cursor:
                name = _prepared(cursor, statement, connection.info)
                places = ", ".join(["%s"] * len(values))
                cursor.execute(f"EXECUTE {name} ({places})", values)
                found: list[tuple[Any, ...]] = cursor.fetchall()
            driver.autocommit = False
        except BaseException as error:
            connection.invalidate(error)
            raise
        finally:
            connection.close()
        return found

    def answers(self) -> bool:
        """Whether it can be reached."""
        with self.reading() as connection:
            return bool(connection.execute(text("SELECT 1")).scalar_one())

    def close(self) -> None:
        """Close every connection of the pool."""
        self.engine.dispose()


def _prepared(cursor: Any, statement: str, memory: dict[str, Any]) -> str:
    known: dict[str, str] = memory.setdefault("prepared", {})
    if statement not in known:
        name = f"huixin_{len(known)}"
        cursor.execute(f"PREPARE {name} AS {statement}")
        known[statement] = name
    return known[statement]


class DatabaseProvider(DependencyProvider):
    """Gives an entrypoint its service's database, for reads past the domain."""

    def get_dependency(self, worker_ctx: object) -> Database:
        """The service's one database."""
        database: Database = self.container.runtime.database
        return database
