"""What a system leaves behind for whoever runs it: dumps, messages, logs, metrics, processes."""

from pathlib import Path
from types import TracebackType
from typing import Any

from amqp import Connection
from kombu.utils.url import parse_url
from sqlalchemy import text

from services.apphost import KEEPERS, SERVICES
from tests.support.city import City

TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"


def dump(city: City, service: str) -> bytes:
    """Every row of every table as text; bytes in hex, JSON as it is."""
    lines = []
    with city.engines[service].connect() as connection:
        for table in sorted(connection.execute(text(TABLES)).scalars()):
            rows = connection.execute(text(f'SELECT t::text FROM "{table}" t')).scalars()
            lines += [f"{table} {row}" for row in rows]
    return "\n".join(lines).encode()


def logs(city: City) -> bytes:
    """All that the services wrote."""
    return b"\n".join(each.log.read_bytes() for each in city.services.values())


def metrics(city: City) -> bytes:
    """All that Prometheus would read."""
    return "\n".join(city.metrics(name) for name in SERVICES).encode()


def processes(city: City) -> bytes:
    """Arguments and environment of every service."""
    folders = [Path(f"/proc/{each.pid}") for each in city.services.values()]
    return b"\n".join(
        (folder / name).read_bytes() for folder in folders for name in ("cmdline", "environ")
    )


class Tap:
    """A queue of its own on every exchange of events."""

    def __init__(self, url: str) -> None:
        self._url = parse_url(url)
        self.heard: list[bytes] = []

    def __enter__(self) -> "Tap":
        host = f"{self._url['hostname']}:{self._url['port']}"
        self._connection = Connection(
            host,
            userid=self._url["userid"],
            password=self._url["password"],
            virtual_host=self._url["virtual_host"] or "/",
        )
        self._connection.connect()
        self._channel = self._connection.channel()
        self._queue = self._channel.queue_declare(exclusive=True).queue
        for service in KEEPERS:
            self._channel.queue_bind(self._queue, f"{service}.events", "#")
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: Any, _trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def messages(self) -> bytes:
        """Headers, routing keys and bodies of all that was heard."""
        while message := self._channel.basic_get(self._queue, no_ack=True):
            body = message.body if isinstance(message.body, bytes) else message.body.encode()
            head = f"{message.delivery_info} {message.headers} {message.properties}".encode()
            self.heard.append(head + body)
        return b"\n".join(self.heard)
