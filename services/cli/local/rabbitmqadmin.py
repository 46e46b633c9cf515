"""Users, rights and queues of a private broker, through its own `rabbitmqctl`."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from services.cli.errors import CommandFailed

# Debian's /usr/sbin/rabbitmqctl switches the user; this one runs as we do.
CONTROL = Path("/usr/lib/rabbitmq/bin/rabbitmqctl")


def private_admin(folder: Path | None) -> "BrokerAdmin | None":
    """Of the broker that another command of this user runs in its data folder, if there is one."""
    if folder is None:
        return None
    try:
        pid = int((folder / "rabbitmq" / "pid").read_text())
        told = Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace")
    except (OSError, ValueError):
        return None
    return BrokerAdmin(dict(line.split("=", 1) for line in told.split("\0") if "=" in line))


class BrokerAdmin:
    """Each call is one `rabbitmqctl`, about a second."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = dict(environ)

    def add_virtual_host(self, name: str, user: str) -> None:
        """A virtual host where `user` may do everything."""
        self._call("add_vhost", name)
        self._call("set_permissions", "-p", name, user, ".*", ".*", ".*")

    def delete_virtual_host(self, name: str) -> None:
        """The virtual host goes, with its queues and connections."""
        self._call("delete_vhost", name)

    def take_definitions(self, path: Path) -> None:
        """Users and rights of a definitions file, beside what is there."""
        self._call("import_definitions", str(path))

    def queues(self, virtual_host: str = "/") -> list[dict[str, Any]]:
        """Name and depth of each queue."""
        columns = ("name", "type", "messages", "messages_ready", "messages_unacknowledged")
        return self.rows("-p", virtual_host, "list_queues", *columns, "consumers")

    def depths(self, virtual_host: str = "/") -> dict[str, int]:
        """Messages by queue, waiting or unacknowledged."""
        return {row["name"]: int(row["messages"]) for row in self.queues(virtual_host)}

    def bindings(self, virtual_host: str = "/") -> set[tuple[str, str, str]]:
        """(exchange, routing key, queue) of each."""
        columns = ("source_name", "routing_key", "destination_name")
        rows = self.rows("-p", virtual_host, "list_bindings", *columns)
        return {(row["source_name"], row["routing_key"], row["destination_name"]) for row in rows}

    def rows(self, *arguments: str) -> list[dict[str, Any]]:
        """What a command that lists something says, a dictionary for each row."""
        said = self._call("--formatter", "json", "--silent", *arguments)
        rows: list[dict[str, Any]] = json.loads(said)
        return rows

    def _call(self, *arguments: str) -> str:
        finished = subprocess.run(
            [str(CONTROL), "-q", *arguments],
            env=self._environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if finished.returncode != 0:
            raise CommandFailed(f"rabbitmqctl {arguments[0]} failed: {finished.stderr.strip()}")
        return finished.stdout
