"""How cookies are set: HttpOnly, SameSite, and Secure wherever the page is not on loopback."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from werkzeug.wrappers import Response

SESSION = "huixin"
LANGUAGE = "language"
DEVICE = "device"
YEAR_SECONDS = 365 * 24 * 3600


def on_loopback(host: str) -> bool:
    """Is this host (with or without a port) the machine itself?"""
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def is_https(forwarded: str | None, scheme: str) -> bool:
    """Did the browser speak https? A proxy in front of us says so (`X-Forwarded-Proto`)."""
    return (forwarded or scheme).split(",")[0].strip() == "https"


def secure_for(host: str, *, https: bool) -> bool:
    """Must the cookie be Secure? Only plain http on loopback goes without."""
    return https or not on_loopback(host)


def session_cookie_name(*, secure: bool) -> str:
    """With Secure, the prefix that forbids a subdomain to set it."""
    return f"__Host-{SESSION}" if secure else SESSION


def set_session(response: Response, value: str, *, secure: bool) -> None:
    """Until the browser is closed: people share machines."""
    name = session_cookie_name(secure=secure)
    response.set_cookie(name, value, httponly=True, samesite="Lax", secure=secure, path="/")


def forget_session(response: Response, *, secure: bool) -> None:
    """Remove it."""
    name = session_cookie_name(secure=secure)
    response.delete_cookie(name, httponly=True, samesite="Lax", secure=secure, path="/")


def set_lasting(response: Response, name: str, value: str, *, secure: bool) -> None:
    """A cookie that stays for a year and says nothing about the person."""
    response.set_cookie(
        name, value, max_age=YEAR_SECONDS, httponly=True, samesite="Lax", secure=secure, path="/"
    )
