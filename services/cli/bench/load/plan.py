"""What the load generator is told and what it tells, passed between processes as msgpack."""

from collections.abc import Mapping, Sequence

import msgspec


class ClosedPlan(msgspec.Struct, tag=True):
    """Each connection sends its next request when the one before is answered."""

    # For each connection: the address it goes to, and its requests.
    ports: Sequence[int]
    streams: Sequence[Sequence[bytes]]
    # Without a time each stream is sent once; with one they are repeated until it is over.
    seconds: float | None = None


class Follow(msgspec.Struct):
    """What is asked again and again from an arrival's answer on, until its sign is there."""

    port: int
    request: bytes
    sign: bytes


class OpenPlan(msgspec.Struct, tag=True):
    """Requests at set times, whether or not earlier ones are answered: (port, second, request)."""

    arrivals: Sequence[tuple[int, float, bytes]]
    # By the number of the arrival.
    follows: dict[int, Follow] = {}
    # Seconds between two looks; a tenth of the time waited so far where that is more.
    pause: float = 0.05
    # An arrival whose sign has not come after so many seconds is looked for no more.
    patience: float = 30.0


class Outcome(msgspec.Struct):
    """What happened. Latencies are seconds; an open plan's begin at the intended moment."""

    # By the clock of the machine, seconds since 1970.
    started: float
    ended: float
    statuses: dict[int, int]
    latencies: list[float]
    # Processor time of the load generator itself.
    client_seconds: float
    # By the number of the arrival: from its intended moment until its sign was seen, in seconds.
    seen: dict[int, float] = {}
    # How often was asked for signs.
    looks: int = 0

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.ended - self.started

    @property
    def answered(self) -> int:
        """How many answers came, whatever they said."""
        return sum(self.statuses.values())


def request_bytes(
    method: str,
    path: str,
    *,
    token: str = "",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """One request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body or method not in {"GET", "DELETE"}:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + body
