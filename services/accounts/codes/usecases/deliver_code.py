"""Hand a code to notification, which sends it; tried again until the code is too old to matter."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from services.accounts.codes.destinations import destinations, point_digest
from services.accounts.codes.domain import OneTimeCode, readable
from services.accounts.codes.usecases.start_reset import SEALED_CODE
from services.accounts.people.contact_points import REACHABLE, ContactPoint
from services.accounts.ports import AccountsWork
from services.chassis.clock import Clock
from services.contracts.envelope import wire_time


class Messenger(Protocol):
    """The service that reaches people."""

    def send(self, message: dict[str, Any]) -> None:
        """Hand a message over; the same `id` twice is one message. Raises where it is away."""
        ...


@dataclass(frozen=True, slots=True)
class DeliverCode:
    """Which code, and its sealed text."""

    code: UUID
    person: UUID
    sealed_code: str


def deliver_code(
    command: DeliverCode, *, uow: AccountsWork, messenger: Messenger, clock: Clock
) -> None:
    """Nothing is sent where another code has taken its place or its time is over."""
    with uow:
        person = uow.people.get(command.person)  # locks it, as everybody does who changes codes
        code = uow.codes.find(command.code)
        points = destinations(person, uow)
        if code is not None and clock.now() < code.expires_at and points:
            sealed = base64.b64decode(command.sealed_code)
            text = uow.vault.open(command.person, sealed, SEALED_CODE).decode()
            point = _best(points)
            messenger.send(_message(code, text, point, person.language))
            code.sent_to = point_digest(point, uow.digest)
            uow.codes.put(code)
        uow.commit()


def _best(points: Sequence[ContactPoint]) -> ContactPoint:
    return min(points, key=lambda point: REACHABLE.index(point.channel))


def _message(code: OneTimeCode, text: str, point: ContactPoint, language: str) -> dict[str, Any]:
    return {
        "id": str(code.id),
        "person": str(code.person),
        "kind": "one-time-code",
        "channel": point.channel.value,
        "address": point.address,
        "language": language,
        "code": readable(text),
        "expires_at": wire_time(code.expires_at),
    }
