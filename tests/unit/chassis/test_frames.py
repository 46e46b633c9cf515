"""The frames of a published message are those the library writes, byte for byte."""

from typing import Any

import amqp
import pytest
from amqp.method_framing import frame_writer
from amqp.serialization import dumps

from services.chassis.frames import published

FRAME_MAX = 4096


class Wire:
    """What is written to it."""

    frame_max = FRAME_MAX
    bytes_sent = 0

    def __init__(self) -> None:
        self.written = b""

    def write(self, part: Any) -> None:
        self.written += bytes(part)


def by_the_library(
    body: bytes, headers: dict[str, str], exchange: str, key: str, mandatory: bool
) -> bytes:
    wire = Wire()
    message = amqp.Message(
        body,
        content_type="text/plain",
        content_encoding="binary",
        application_headers=headers,
        delivery_mode=2,
        message_id="the-id",
    )
    arguments = dumps("Bssbb", (0, exchange, key, mandatory, False))
    frame_writer(wire, wire)(1, 7, (60, 40), arguments, message)
    return wire.written


@pytest.mark.parametrize("mandatory", [True, False])
@pytest.mark.parametrize(
    "body",
    [b"x", b"a body", b"y" * (FRAME_MAX - 8), b"z" * (FRAME_MAX * 3)],
    ids=["one-byte", "small", "one-frame", "several-frames"],
)
def test_the_bytes_are_the_library_s(body: bytes, mandatory: bool) -> None:
    headers = {"cloudEvents_id": "1", "cloudEvents_unit": "市/区", "cloudEvents_empty": ""}
    route = ("assessment.events", "assessment.response-completed.v1", mandatory)

    ours = published(7, route, headers, "the-id", "text/plain", body, FRAME_MAX)

    assert b"".join(ours) == by_the_library(body, headers, *route)
