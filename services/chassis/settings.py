"""Settings from the environment (or files), read once; all that is missing is said at once.

A variable `X` may also be given as `X_FILE`, the path of a file that holds the value. `{SERVICE}`
in a variable's name stands for the service's own name in capitals.
"""

import dataclasses
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Self, cast
from urllib.parse import unquote, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.chassis.servicetokens import PublicKeys, parse_service_key, parse_service_keys

_MISSING = object()


class SettingsError(Exception):
    """One or more settings are missing or wrong; the message names each of them."""


def setting(
    *variables: str,
    default: Any = _MISSING,
    parse: Callable[[str], Any] = str,
    secret: bool = False,
) -> Any:
    """A field read from the first of these variables that is set; `parse` raises ValueError."""
    metadata = {"variables": variables, "default": default, "parse": parse}
    return dataclasses.field(metadata=metadata, repr=not secret)


def secret(*variables: str, parse: Callable[[str], Any] = str) -> Any:
    """A field without a default that never shows in a representation."""
    return setting(*variables, parse=parse, secret=True)


def parse_bool(text: str) -> bool:
    """`true`, `yes`, `on` or `1`, and their opposites."""
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("expected true or false")


def parse_pairs(text: str) -> dict[str, str]:
    """`name=value,name=value`."""
    pairs = (pair.split("=", 1) for pair in text.split(",") if pair.strip())
    return {name.strip(): value.strip() for name, value in pairs}


def parse_networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """`10.0.0.0/8,fd00::/8`."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def parse_collector(text: str) -> str | None:
    """The base of an OTLP/HTTP address, `http://collector:4318`; nothing turns tracing off."""
    address = urlsplit(text.strip())
    if text.strip() and (address.scheme not in {"http", "https"} or not address.hostname):
        raise ValueError("expected the base address of an OTLP/HTTP collector, http://…:4318")
    return text.strip().rstrip("/") or None


def parse_sampler(text: str) -> str:
    """OpenTelemetry's names. `parentbased_` adds nothing: all services decide by the trace's id."""
    name = text.strip().removeprefix("parentbased_")
    if name not in {"always_on", "always_off", "traceidratio"}:
        raise ValueError("expected always_on, always_off or traceidratio")
    return name


def parse_share(text: str) -> float:
    """From 0 to 1."""
    share = float(text)
    if not 0 <= share <= 1:
        raise ValueError("expected a number from 0 to 1")
    return share


def parse_headers(text: str) -> dict[str, str]:
    """`name=value,name=value`, percent-encoded, as OpenTelemetry writes them."""
    return {name: unquote(value) for name, value in parse_pairs(text).items()}


def parse_keyring(text: str) -> dict[str, Any]:
    """`{"active": "k1", "keys": {"k1": "<base64 of 32 bytes>"}}`."""
    document = json.loads(text)
    if document["active"] not in document["keys"]:
        raise ValueError("the active key is not among the keys")
    return cast("dict[str, Any]", document)


@dataclass(frozen=True, kw_only=True)
class ServiceSettings:
    """What every service needs to know; a service's own settings extend it."""

    service: str
    database_url: str | None = setting("{SERVICE}_DATABASE_URL", default=None, secret=True)
    database_pool: int = setting("{SERVICE}_DATABASE_POOL", default=20, parse=int)
    amqp_url: str = secret("{SERVICE}_AMQP_URL", "HUIXIN_AMQP_URL")
    bind_host: str = setting("{SERVICE}_BIND", "HUIXIN_BIND", default="127.0.0.1")
    http_port: int = setting("{SERVICE}_PORT", parse=int)
    jwks_url: str = setting("HUIXIN_JWKS_URL")
    service_key: Ed25519PrivateKey | None = secret("{SERVICE}_SERVICE_KEY", parse=parse_service_key)
    service_keys: PublicKeys = setting("HUIXIN_SERVICE_KEYS", parse=parse_service_keys)
    keyring: dict[str, Any] = secret("{SERVICE}_KEYRING", "HUIXIN_KEYRING", parse=parse_keyring)
    peers: dict[str, str] = setting("HUIXIN_PEERS", default="", parse=parse_pairs)
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = setting(
        "HUIXIN_TRUSTED_PROXIES", default="127.0.0.0/8,::1/128", parse=parse_networks
    )
    web_workers: int = setting("{SERVICE}_WEB_WORKERS", default=16, parse=int)
    event_workers: int = setting("{SERVICE}_EVENT_WORKERS", default=10, parse=int)
    crisis_workers: int = setting("{SERVICE}_CRISIS_WORKERS", default=6, parse=int)
    grace_seconds: float = setting("HUIXIN_GRACE_SECONDS", default=20.0, parse=float)
    log_level: str = setting("HUIXIN_LOG_LEVEL", default="info")
    embedded: bool = setting("HUIXIN_EMBEDDED", default=False, parse=parse_bool)
    trace_endpoint: str | None = setting(
        "OTEL_EXPORTER_OTLP_ENDPOINT", default="", parse=parse_collector
    )
    trace_headers: dict[str, str] = setting(
        "OTEL_EXPORTER_OTLP_HEADERS", default="", parse=parse_headers, secret=True
    )
    trace_sampler: str = setting("OTEL_TRACES_SAMPLER", default="always_on", parse=parse_sampler)
    trace_share: float = setting("OTEL_TRACES_SAMPLER_ARG", default=1.0, parse=parse_share)

    @property
    def traced_share(self) -> float:
        """How many of all loops are traced, from 0 to 1."""
        if self.trace_sampler == "traceidratio":
            return self.trace_share
        return float(self.trace_sampler == "always_on")

    @classmethod
    def load(cls, service: str, environ: Mapping[str, str]) -> Self:
        """Read every field for `service`; raises SettingsError naming all that is wrong."""
        values: dict[str, Any] = {"service": service}
        problems: list[str] = []
        for field in dataclasses.fields(cls):
            if "variables" not in field.metadata:
                continue
            names = [name.format(SERVICE=service.upper()) for name in field.metadata["variables"]]
            try:
                values[field.name] = _read(names, field.metadata, environ)
            except (ValueError, KeyError, OSError) as error:
                problems.append(f"{' or '.join(names)}: {error}")
        if problems:
            raise SettingsError(f"{service}: " + "; ".join(problems))
        return cls(**values)


@dataclass(frozen=True, kw_only=True)
class KeeperSettings(ServiceSettings):
    """Of a service that keeps data of its own."""

    database_url: str = secret("{SERVICE}_DATABASE_URL")


def _read(names: list[str], metadata: Mapping[str, Any], environ: Mapping[str, str]) -> Any:
    for name in names:
        text = environ.get(name)
        if text is None and (path := environ.get(f"{name}_FILE")):
            text = Path(path).read_text().strip()
        if text is not None:
            return metadata["parse"](text)
    default = metadata["default"]
    if default is _MISSING:
        raise ValueError("is not set")
    return metadata["parse"](default) if isinstance(default, str) else default
