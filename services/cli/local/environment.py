"""The settings of every service of one system: addresses, generated secrets, peers."""

import base64
import json
import os
from collections.abc import Mapping

from services.apphost import KEEPERS, SERVICES
from services.chassis.servicetokens import make_service_key, public_part
from services.cli.local.secretfile import SecretFile

JWKS_PATH = "/api/accounts/v1/jwks.json"


def make_keyring() -> str:
    """One 256-bit key, active, and one for keyed digests."""
    return json.dumps({"active": "k1", "keys": {"k1": make_key()}, "index": make_key()})


def make_key() -> str:
    """256 bits as they stand in a key ring."""
    return base64.b64encode(os.urandom(32)).decode()


def database_name(service: str) -> str:
    """The service's database and the role that owns it."""
    return f"huixin_{service}"


def common_settings(secrets: SecretFile, ports: Mapping[str, int]) -> dict[str, str]:
    """What does not depend on how the system is run: ports, peers, keys."""
    urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    settings = {
        **service_keys(secrets),
        "HUIXIN_JWKS_URL": urls["accounts"] + JWKS_PATH,
        "HUIXIN_PEERS": ",".join(f"{name}={urls[name]}" for name in KEEPERS),
        "NOTIFICATION_PUBLIC_URL": urls["portal"],
        "PORTAL_PUBLIC_URL": urls["portal"],
        "PORTAL_GATEWAY": "true",
    }
    for name, port in ports.items():
        settings[f"{name.upper()}_PORT"] = str(port)
        settings[f"{name.upper()}_KEYRING"] = secrets.get(f"{name.upper()}_KEYRING", make_keyring)
    return settings


def service_keys(secrets: SecretFile) -> dict[str, str]:
    """Each service's private key, and the public ones of all; the portal calls as a person.

    One that is changing has two public keys: `…_NEXT` is known before it is used, `…_BEFORE` after.
    """
    private = {
        name: secrets.get(f"{name.upper()}_SERVICE_KEY", make_service_key) for name in KEEPERS
    }
    changing = [
        (name, key)
        for name in KEEPERS
        for which in ("NEXT", "BEFORE")
        if (key := secrets.find(f"{name.upper()}_SERVICE_KEY_{which}"))
    ]
    public = (f"{name}={public_part(key)}" for name, key in [*private.items(), *changing])
    return {
        "HUIXIN_SERVICE_KEYS": ",".join(public),
        **{f"{name.upper()}_SERVICE_KEY": key for name, key in private.items()},
    }


def tracing_settings() -> dict[str, str]:
    """Where the caller wants traces told, in OpenTelemetry's variables."""
    return {name: value for name, value in os.environ.items() if name.startswith("OTEL_")}


def settings_of(service: str, settings: Mapping[str, str]) -> dict[str, str]:
    """What one service gets to see: nothing of another service's databases, users and keys."""
    others = tuple(f"{name.upper()}_" for name in SERVICES if name != service)
    return {name: value for name, value in settings.items() if not name.startswith(others)}
