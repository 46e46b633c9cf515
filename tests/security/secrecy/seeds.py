"""Personal values that no other test uses, and the shapes in which one of them could lie around."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Seeds:
    """One person's secrets, and what was said to and about that person."""

    name: str = "欧阳隐甫"
    login: str = "kmqzvx-login"
    member_no: str = "KQ-7741903"
    phone: str = "13952417703"
    email: str = "kmqzvx.mail@private.example"
    password: str = "Kmqzvx-geheim-77!"
    words: str = "天台上的话柒柒肆壹"
    note: str = "值班笔记柒柒肆贰"
    plan: str = "安全计划柒柒肆叁"
    reason: str = "回拨事由柒柒肆肆"

    def values(self) -> dict[str, str]:
        """All of them by name."""
        return {**vars(self)}


SEEDS = Seeds()
PHONES = ("139 5241 7703", "+86 139-5241-7703", "+8613952417703", "8613952417703")
ALGORITHMS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b", "sha3_256")


def shapes(value: str) -> Iterator[bytes]:
    """The value as text, JSON, URL, GBK, UTF-16, hex or base64 would hold it, in lower case."""
    for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be"):
        raw = value.encode(encoding)
        yield raw.lower()
        yield raw.hex().encode()
        yield from _base64(raw)
    yield value.encode("unicode_escape").lower()
    yield quote(value).encode().lower()


def _base64(raw: bytes) -> Iterator[bytes]:
    # At each of three offsets, without the characters that the neighbours take part in.
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + raw)
        inner = encoded[-(-offset * 4 // 3) + (offset > 0) : -4]
        if len(inner) >= 8:
            yield inner.lower()
            yield inner.hex().encode()


def hashes(value: str) -> Iterator[bytes]:
    """What a plain hash of the value would look like in a dump."""
    for text in {value, value.lower(), value.upper()}:
        for name in ALGORITHMS:
            digest = hashlib.new(name, text.encode()).digest()
            yield digest.hex().encode()
            yield base64.b64encode(digest).lower()


def found_in(content: bytes, values: dict[str, str]) -> list[str]:
    """The names of the values that the bytes hold in any shape."""
    low = content.lower()
    return sorted(
        name for name, value in values.items() if any(shape in low for shape in set(shapes(value)))
    )
