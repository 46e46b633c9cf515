"""The broker's users: each service writes its own exchange, reads its own queues, makes nothing."""

import base64
import hashlib
import os
import re
from collections.abc import Mapping
from typing import Any

from services.contracts.public import QUEUE_PREFIX

NOTHING = "^$"
ASKED = ("user", "vhost", "resource", "topic")
PLUGIN = "rabbitmq_auth_backend_http"

# RabbitMQ 4 gives up on a message after 20 deliveries; ours wait for a database that is away.
WITHOUT_DELIVERY_LIMIT = {
    "vhost": "/",
    "name": "without-delivery-limit",
    "pattern": ".*",
    "apply-to": "queues",
    "priority": 0,
    "definition": {"delivery-limit": -1},
}


def definitions(
    admin: tuple[str, str], passwords: Mapping[str, str], watchers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """RabbitMQ's definitions file: the administrator who declares queues, the services, and
    watchers, who see by the management interface how many messages wait, and no message.
    """
    watching = dict(watchers or {})
    users = {admin[0]: (admin[1], ["administrator"])}
    users |= {name: (password, []) for name, password in passwords.items()}
    users |= {name: (password, ["management"]) for name, password in watching.items()}
    rights = {admin[0]: (".*", ".*", ".*")} | {name: rights_of(name) for name in passwords}
    rights |= dict.fromkeys(watching, (NOTHING, NOTHING, NOTHING))
    return {
        "vhosts": [{"name": "/"}],
        "users": [
            {
                "name": name,
                "password_hash": hashed(password),
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": tags,
            }
            for name, (password, tags) in users.items()
        ],
        "permissions": [
            {"user": name, "vhost": "/", "configure": make, "write": write, "read": read}
            for name, (make, write, read) in rights.items()
        ],
    }


def rights_of(service: str) -> tuple[str, str, str]:
    """(configure, write, read) patterns of a service; accounts makes subscribers' queues too."""
    if service == "accounts":
        queues = rf"^{re.escape(QUEUE_PREFIX)}"
        return queues, rf"^accounts\.(events|subscribers)$|{queues}", r"^accounts\."
    return NOTHING, rf"^{service}\.events$", rf"^{service}\."


def asking(accounts_url: str) -> str:
    """Configuration with which the broker asks accounts about users it does not know itself."""
    path = f"{accounts_url.rstrip('/')}/internal/v1/broker"
    lines = ["auth_backends.1 = internal", "auth_backends.2 = http", "auth_http.http_method = post"]
    lines += [f"auth_http.{name}_path = {path}/{name}" for name in ASKED]
    return "\n".join(lines) + "\n"


def hashed(password: str) -> str:
    """RabbitMQ's salted SHA-256: a salt of four bytes, then the digest of salt and password."""
    salt = os.urandom(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
