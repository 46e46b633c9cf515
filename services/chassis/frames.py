"""AMQP 0-9-1 frames of a published message, so that a whole batch goes out in one write.

The library encodes, locks and writes once a message, which was more than half of the relay's
work. Only `basic.publish` is written here, only with the properties an event has; everything else
of the protocol is the library's, and a test compares the bytes with its own.
"""

from collections.abc import Mapping
from functools import lru_cache
from struct import Struct, pack

METHOD, HEADER, BODY, END = 1, 2, 3, b"\xce"
BASIC, PUBLISH = 60, 40
MANDATORY = 1
# content type, content encoding, headers, delivery mode, message id
PROPERTIES = 1 << 15 | 1 << 14 | 1 << 13 | 1 << 12 | 1 << 7
PERSISTENT = b"\x02"
FRAME_EXTRA = 8

_frame = Struct(">BHI").pack
_content = Struct(">HHQH").pack
_long = Struct(">I").pack


def published(
    channel: int,
    route: tuple[str, str, bool],
    headers: Mapping[str, str],
    message_id: str,
    content_type: str,
    body: bytes,
    frame_max: int,
) -> list[bytes]:
    """The frames of one persistent message; `route`: exchange, routing key, mandatory."""
    method = _method(channel, *route)
    described = b"".join(
        (_described(content_type), _table(headers), PERSISTENT, _short(message_id))
    )
    content = _content(BASIC, 0, len(body), PROPERTIES)
    size = len(content) + len(described)
    frames = [method, _frame(HEADER, channel, size), content, described, END]
    step = frame_max - FRAME_EXTRA
    for start in range(0, len(body), step):
        part = body[start : start + step]
        frames += (_frame(BODY, channel, len(part)), part, END)
    return frames


@lru_cache(maxsize=256)
def _method(channel: int, exchange: str, key: str, mandatory: bool) -> bytes:
    arguments = b"".join((_short(exchange), _short(key), bytes([MANDATORY * mandatory])))
    payload = pack(">HHH", BASIC, PUBLISH, 0) + arguments
    return _frame(METHOD, channel, len(payload)) + payload + END


@lru_cache(maxsize=16)
def _described(content_type: str) -> bytes:
    return _short(content_type) + _short("binary")


def _table(entries: Mapping[str, str]) -> bytes:
    found: list[bytes] = []
    for name, value in entries.items():
        text = value.encode()
        found += (_named(name), _long(len(text)), text)
    table = b"".join(found)
    return _long(len(table)) + table


@lru_cache(maxsize=64)
def _named(name: str) -> bytes:
    return _short(name) + b"S"


def _short(text: str) -> bytes:
    encoded = text.encode()
    return bytes([len(encoded)]) + encoded
