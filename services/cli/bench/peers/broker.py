"""A bare AMQP connection, without kombu."""

from typing import Any
from urllib.parse import urlsplit

import amqp


def opened(url: str) -> Any:
    """Connected to the address's broker and virtual host."""
    parts = urlsplit(url)
    connection = amqp.Connection(
        f"{parts.hostname}:{parts.port}",
        userid=parts.username,
        password=parts.password,
        virtual_host=parts.path[1:] or "/",
    )
    connection.connect()
    return connection
