"""Where the mail server is, from one URL."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import parse_qs, unquote, urlsplit

DEFAULT_PORTS = {"smtp": 587, "smtps": 465}


class Security(StrEnum):
    """How the connection is protected."""

    PLAIN = "plain"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A mail server and how to sign in to it."""

    host: str
    port: int
    security: Security
    user: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        return f"SmtpServer({self.host}:{self.port}, {self.security})"


def parse_smtp_url(text: str) -> SmtpServer:
    """`smtp://user:password@host:port`, `smtps://…`; raises ValueError.

    `smtp` demands STARTTLS, except on this machine; `?starttls=off` says that the network between
    is trusted, and is refused together with a password.
    """
    url = urlsplit(text)
    if url.scheme not in DEFAULT_PORTS or not url.hostname:
        raise ValueError("expected smtp://user:password@host:port or smtps://…")
    security = _security(url.scheme, url.hostname, parse_qs(url.query))
    password = unquote(url.password) if url.password else None
    if password and security is Security.PLAIN and not is_local(url.hostname):
        raise ValueError("a password needs smtps:// or STARTTLS")
    return SmtpServer(
        host=url.hostname,
        port=url.port or DEFAULT_PORTS[url.scheme],
        security=security,
        user=unquote(url.username) if url.username else None,
        password=password,
    )


def is_local(host: str) -> bool:
    """Whether a name or address is this machine's own."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _security(scheme: str, host: str, query: dict[str, list[str]]) -> Security:
    if scheme == "smtps":
        return Security.TLS
    asked = query.get("starttls", ["off" if is_local(host) else "required"])[-1]
    if asked not in {"required", "off"}:
        raise ValueError("starttls is `required` or `off`")
    return Security.STARTTLS if asked == "required" else Security.PLAIN
