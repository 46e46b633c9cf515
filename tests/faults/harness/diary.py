"""What happened: every answer that was given, every process that was killed, in a file of lines."""

import json
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A write that was answered with success: it has to be found in the database for ever."""

    kind: str
    id: str
    person: str
    key: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """An answer that named a case: it has to reach an officer. `heard_at` in seconds (epoch)."""

    case: str
    person: str
    heard_at: float
    broker: str = "up"


@dataclass(frozen=True, slots=True)
class Kill:
    """A process that was ended by -9, at (epoch)."""

    target: str
    at: float


class Diary:
    """Written by all threads; `counts` is what the progress line shows."""

    def __init__(self, path: Path | None = None) -> None:
        self.promises: list[Promise] = []
        self.alarms: list[Alarm] = []
        self.kills: list[Kill] = []
        self.counts: Counter[str] = Counter()
        self.repeats_that_differ: list[str] = []
        self.events_planted: set[str] = set()
        self.subscriber_depths: list[tuple[int, int]] = []
        self._lock = threading.Lock()
        self._file: TextIO | None = path.open("w", buffering=1) if path else None

    def note(self, what: str, **facts: Any) -> None:
        """One line."""
        with self._lock:
            if self._file is not None:
                line = {"at": round(time.time(), 3), "what": what, **facts}
                print(json.dumps(line, ensure_ascii=False, default=str), file=self._file)

    def count(self, what: str, number: int = 1) -> None:
        """For the progress line and the summary."""
        with self._lock:
            self.counts[what] += number

    def promise(self, promise: Promise) -> None:
        """An answer of success; the same key is one promise however often it was answered."""
        with self._lock:
            self.promises.append(promise)
        self.count(promise.kind)
        self.note("promise", kind=promise.kind, id=promise.id, key=promise.key)

    def alarm(self, alarm: Alarm) -> None:
        """A case was named to somebody."""
        with self._lock:
            self.alarms.append(alarm)
        self.count("alarms")
        self.note("alarm", case=alarm.case, broker=alarm.broker)

    def killed(self, target: str) -> None:
        """-9."""
        with self._lock:
            self.kills.append(Kill(target, time.time()))
        self.count("kills")
        self.note("killed", target=target)

    def promised(self, kind: str) -> list[Promise]:
        """The promises of a kind."""
        with self._lock:
            return [each for each in self.promises if each.kind == kind]

    def close(self) -> None:
        """No more lines."""
        if self._file is not None:
            self._file.close()
