"""What a system leaves behind for whoever runs it: dumps, messages, logs, metrics, processes."""

from pathlib import Path

from sqlalchemy import text

from services.apphost import SERVICES
from tests.support import tap
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


class Tap(tap.Tap):
    """Everything that crosses the broker, as bytes to search."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.heard: list[bytes] = []

    def messages(self) -> bytes:
        """Headers, routing keys and bodies of all that was heard."""
        for each in self.take():
            head = f"{each.exchange} {each.routing_key} {each.headers} {each.properties}".encode()
            self.heard.append(head + each.body)
        return b"\n".join(self.heard)
