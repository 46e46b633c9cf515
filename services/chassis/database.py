"""A service's own PostgreSQL: the engine, and connections to read from."""

from collections.abc import Iterator
from contextlib import contextmanager

from nameko.extensions import DependencyProvider
from sqlalchemy import Connection, Engine, create_engine, text

from services.chassis.driver import EagerConnection

LIMITS = {
    "timezone": "UTC",
    "statement_timeout": "120s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
"""So that a worker, or a row another replica waits for, is never held by a peer that vanished."""

KEEPALIVE = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


def _options() -> str:
    return " ".join(f"-c {name}={value}" for name, value in LIMITS.items())


class Database:
    """Hands out connections; nothing connects before the first of them is asked for."""

    def __init__(self, url: str, pool: int = 20) -> None:
        self.engine: Engine = create_engine(
            url,
            hide_parameters=True,
            pool_size=pool,
            max_overflow=pool,
            pool_timeout=10,
            pool_recycle=1800,
            pool_reset_on_return="rollback",
            use_native_hstore=False,
            connect_args={
                "connect_timeout": 5,
                **KEEPALIVE,
                "options": _options(),
                "connection_factory": EagerConnection,
            },
        )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection without a transaction of its own: each statement sees what is committed."""
        with self.engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    def answers(self) -> bool:
        """Whether it can be reached."""
        with self.reading() as connection:
            return bool(connection.execute(text("SELECT 1")).scalar_one())

    def close(self) -> None:
        """Close every connection of the pool."""
        self.engine.dispose()


class DatabaseProvider(DependencyProvider):
    """Gives an entrypoint its service's database, for reads past the domain."""

    def get_dependency(self, worker_ctx: object) -> Database:
        """The service's one database."""
        database: Database = self.container.runtime.database
        return database
