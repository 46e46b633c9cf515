"""Connections to the broker: RabbitMQ, or kombu's in-memory transport in the embedded mode."""

import contextlib
import ssl
from typing import Any
from urllib.parse import parse_qs, urlsplit

import eventlet
from kombu import Connection
from kombu.transport import memory

HEARTBEAT_SECONDS = 10
CONNECT_SECONDS = 3
GOODBYE_SECONDS = 1.0
READ_AHEAD_BYTES = 8192


def is_memory(url: str) -> bool:
    """Whether this is the embedded mode's transport."""
    return url.startswith("memory:")


def nothing_queued() -> bool:
    """Whether every queue of the in-memory broker is empty."""
    return all(queue.empty() for queue in memory.Channel.queues.values())


def connect(url: str) -> Any:
    """A connection, not yet open; short time limits, because a caller waits."""
    if is_memory(url):
        return Connection(url, transport_options={"polling_interval": 0.01})
    address, encryption = encrypted(url)
    return Connection(
        address, ssl=encryption, heartbeat=HEARTBEAT_SECONDS, connect_timeout=CONNECT_SECONDS
    )


def encrypted(url: str) -> tuple[str, dict[str, Any] | bool]:
    """The address without its query, and what the broker has to prove where it is `amqps://`.

    Its certificate is for the very host of the address, and signed by the authority in the file
    `?cacertfile=`, else by one the system trusts. By themselves the libraries look at no name.
    """
    parts = urlsplit(url)
    if parts.scheme != "amqps":
        return url, False
    authority = parse_qs(parts.query).get("cacertfile", [None])[0]
    return parts._replace(query="").geturl(), {
        "server_hostname": parts.hostname,
        "cert_reqs": ssl.CERT_REQUIRED,
        "ca_certs": authority,
    }


def read_ahead(connection: Any) -> None:
    """Let an open connection take what has come, not one part of a frame at a time.

    The library asks the socket for each frame in three parts, nine calls a message; it keeps what
    is left over, so asking for more is enough.
    """
    transport = connection.connection.transport
    receive = transport.sock.recv
    transport._quick_recv = lambda wanted: receive(max(wanted, READ_AHEAD_BYTES))


def let_go(connection: Any, *, politely: bool) -> None:
    """Close a connection; a broker that hangs never answers a goodbye, so it is not waited for."""
    with eventlet.Timeout(GOODBYE_SECONDS, exception=False), contextlib.suppress(Exception):
        if politely:
            connection.release()
            return
    with eventlet.Timeout(GOODBYE_SECONDS, exception=False), contextlib.suppress(Exception):
        connection.collect()
