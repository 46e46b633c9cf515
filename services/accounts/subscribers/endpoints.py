"""Where webhooks may go: outside addresses over TLS, or networks the operator has named."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import ClassVar
from urllib.parse import SplitResult, urlsplit

from services.chassis.errors import UnprocessableInput

Networks = Sequence[IPv4Network | IPv6Network]


class BadEndpoint(UnprocessableInput):
    """Not an address a webhook may have."""

    code = "bad-webhook-url"
    field: ClassVar[str] = "url"
    title = "expected https://host/path of a server outside, or in a network the operator allows"


class AddressNotAllowed(Exception):
    """The name leads to an address inside, which a webhook must not reach."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address looked up and checked: what is connected to is what was checked."""

    scheme: str
    host: str
    port: int
    target: str
    address: str

    @property
    def authority(self) -> str:
        """The Host header."""
        usual = {"https": 443, "http": 80}[self.scheme]
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == usual else f"{host}:{self.port}"


def check_url(url: str) -> str:
    """The URL; raises BadEndpoint for what no webhook can have, whatever its name leads to."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadEndpoint from error
    if parts.scheme not in {"https", "http"} or not parts.hostname or port == 0:
        raise BadEndpoint
    if parts.username or parts.password or parts.fragment:
        raise BadEndpoint("expected a URL without a user, a password or a fragment")
    return url


def find_endpoint(url: str, networks: Networks) -> Endpoint:
    """Look the name up now; raises AddressNotAllowed, or OSError where there is no such name."""
    parts = urlsplit(check_url(url))
    host, port = str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)
    addresses = _addresses(host, port)
    if not all(may_reach(address, parts.scheme, networks) for address in addresses):
        raise AddressNotAllowed
    return Endpoint(parts.scheme, host, port, _target(parts), addresses[0])


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # no name can be so
        raise OSError("no name can be so") from error
    return sorted({str(entry[4][0]) for entry in found})


def may_reach(address: str, scheme: str, networks: Networks) -> bool:
    """Plain HTTP only inside networks the operator has named."""
    place = ip_address(address)
    mapped = getattr(place, "ipv4_mapped", None)
    place = mapped or place
    if any(place in network for network in networks):
        return True
    return scheme == "https" and place.is_global and not place.is_multicast


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
