"""The ways to reach a person outside the signed-in pages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.accounts.people.identifiers import normal_phone
from services.chassis.errors import FieldError, UnprocessableInput
from services.contracts.notification import Channel

EMAIL = re.compile(r"[^\s@<>,;:\"'()\[\]\\]{1,64}@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63}){1,7}")
REACHABLE = (Channel.EMAIL, Channel.SMS)


class BadContactPoint(UnprocessableInput):
    """An address is not one of its channel's."""

    code = "bad-contact-point"


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """A channel and an address in its normal form; at most one a channel.

    `confirmed` is set where the person gave the address, or proved to read what is sent there.
    """

    channel: Channel
    address: str
    confirmed: bool = field(default=False, compare=False)


def contact_point(channel: Channel, address: str) -> ContactPoint:
    """The point with its address in normal form; raises ValueError."""
    if channel is Channel.SMS:
        return ContactPoint(channel, normal_phone(address))
    if channel is Channel.EMAIL:
        return ContactPoint(channel, normal_email(address))
    raise ValueError("this channel needs no address")


def normal_email(text: str) -> str:
    """The address with its domain in small letters; raises ValueError."""
    local, _, domain = text.strip().rpartition("@")
    value = f"{local}@{domain.lower()}"
    if not EMAIL.fullmatch(value) or not value.isascii():
        raise ValueError("an e-mail address such as name@example.org")
    return value


def contact_points(wanted: Sequence[tuple[Channel, str]]) -> list[ContactPoint]:
    """Checked points, one a channel; raises BadContactPoint naming each wrong one."""
    points: dict[Channel, ContactPoint] = {}
    errors = []
    for number, (channel, address) in enumerate(wanted):
        try:
            point = contact_point(channel, address)
        except ValueError as error:
            errors.append(FieldError(f"items.{number}.address", str(error), "bad-address"))
            continue
        if channel in points:
            errors.append(FieldError(f"items.{number}.channel", "one address a channel", "twice"))
        points[channel] = point
    if errors:
        raise BadContactPoint(errors=errors)
    return list(points.values())
