"""Connections to the broker: RabbitMQ, or kombu's in-memory transport in the embedded mode."""

from typing import Any

from kombu import Connection

HEARTBEAT_SECONDS = 10
CONNECT_SECONDS = 3


def is_memory(url: str) -> bool:
    """Whether this is the embedded mode's transport."""
    return url.startswith("memory:")


def connect(url: str) -> Any:
    """A connection, not yet open; short time limits, because a caller waits."""
    if is_memory(url):
        return Connection(url, transport_options={"polling_interval": 0.01})
    return Connection(url, heartbeat=HEARTBEAT_SECONDS, connect_timeout=CONNECT_SECONDS)
