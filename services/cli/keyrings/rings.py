"""A key ring's document, step by step: a new key is known, then active, then the old one goes."""

import secrets
from datetime import UTC, datetime
from typing import Any

from services.cli.errors import CommandFailed
from services.cli.local.environment import make_key

Ring = dict[str, Any]


def with_new_key(ring: Ring) -> Ring:
    """Known to every replica before it seals anything; the index key is written down as it is."""
    if waiting := waiting_key(ring):
        raise CommandFailed(f"The key {waiting} waits already: next is `rotate-keys activate`.")
    index = ring.get("index") or ring["keys"][min(ring["keys"])]
    return {
        "active": ring["active"],
        "keys": {**ring["keys"], _new_name(): make_key()},
        "index": index,
    }


def with_waiting_key_active(ring: Ring) -> Ring:
    """The newest key seals from here on."""
    waiting = waiting_key(ring)
    if waiting is None:
        raise CommandFailed("No key waits: the first step is `rotate-keys add`.")
    return {**ring, "active": waiting}


def without(ring: Ring, name: str) -> Ring:
    """Without an old key."""
    if name not in ring["keys"]:
        raise CommandFailed(f"The ring has no key {name}, but {', '.join(ring['keys'])}.")
    if name == ring["active"]:
        raise CommandFailed(f"The key {name} is active; another must be before it can go.")
    if "index" not in ring:
        raise CommandFailed("The ring does not name its index key: begin with `rotate-keys add`.")
    return {**ring, "keys": {each: key for each, key in ring["keys"].items() if each != name}}


def waiting_key(ring: Ring) -> str | None:
    """The last key, where it was added after the active one."""
    last = list(ring["keys"])[-1]
    return last if last != ring["active"] else None


def old_keys(ring: Ring) -> list[str]:
    """Keys from before the active one."""
    names = list(ring["keys"])
    return names[: names.index(ring["active"])]


def _new_name() -> str:
    """Never one that was used before: an old backup names the key it needs."""
    return f"k{datetime.now(UTC):%Y%m%d}-{secrets.token_hex(2)}"
