"""Contact data for an officer who has to reach a person: asked for, shown once, kept nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.portal.client.refusals import Refused
from services.portal.web.visit import Visit


@dataclass(frozen=True)
class ContactPoint:
    """One way to the person; `href` starts the call or the mail."""

    channel: str
    address: str
    href: str


@dataclass(frozen=True)
class Revealed:
    """What accounts and assessment gave out, each with an audit row of its own."""

    points: tuple[ContactPoint, ...]
    words: tuple[str, ...]


def reveal(visit: Visit, case: UUID, document: Mapping[str, Any], reason: str) -> Revealed:
    """Numbers left with help requests first, then what the person registered."""
    left = _items(visit, "assessment", f"/cases/{case}/help-requests", reason=reason)
    registered: list[dict[str, Any]] = []
    if person := document.get("person"):
        path = f"/people/{person}/contact-points"
        registered = _items(visit, "accounts", path, case=str(case), reason=reason)
    phones = [{"channel": "phone", "address": each["phone"]} for each in left if each.get("phone")]
    return Revealed(
        points=tuple(_point(each) for each in [*phones, *registered] if each.get("address")),
        words=tuple(str(each["words"]) for each in left if each.get("words")),
    )


def _items(visit: Visit, service: str, path: str, **query: str) -> list[dict[str, Any]]:
    try:
        return list(visit.api.get(service, path, **query)["items"])
    except Refused as refused:
        if refused.problem.status == 404:
            return []
        raise


def _point(document: Mapping[str, Any]) -> ContactPoint:
    channel, address = str(document.get("channel") or "phone"), str(document["address"])
    scheme = "mailto" if "@" in address else "tel"
    plain = (
        address if scheme == "mailto" else "".join(c for c in address if c.isdigit() or c == "+")
    )
    return ContactPoint(channel, address, f"{scheme}:{plain}")
