"""What an invariant is judged by: databases, mails, logs, and what people were told."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from tests.faults.harness.diary import Alarm, Diary, Kill, Promise


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail the server accepted, at (epoch)."""

    message_id: str
    at: float
    to: str


@dataclass(kw_only=True)
class Evidence:
    """`connections` by service. Everything is at rest while it is judged."""

    connections: Mapping[str, Connection]
    diary: Diary = field(default_factory=Diary)
    mails: Sequence[Mail] = ()
    logs: Iterable[Path] = ()
    dead_letters: Sequence[tuple[str, bytes]] = ()
    planted: Mapping[str, int] = field(default_factory=dict)
    personal: Sequence[str] = ()
    ended: Mapping[str, int] = field(default_factory=dict)
    crossed: Mapping[str, int] = field(default_factory=dict)
    unlike: Sequence[str] = ()

    @property
    def promises(self) -> Sequence[Promise]:
        return self.diary.promises

    @property
    def alarms(self) -> Sequence[Alarm]:
        return self.diary.alarms

    @property
    def kills(self) -> Sequence[Kill]:
        return self.diary.kills

    def rows(self, service: str, statement: str, **values: Any) -> Sequence[Any]:
        """What a query finds."""
        return self.connections[service].execute(text(statement), values).all()

    def column(self, service: str, statement: str, **values: Any) -> list[Any]:
        """The first column, UUIDs as text."""
        return [str(row[0]) for row in self.rows(service, statement, **values)]

    def number(self, service: str, statement: str, **values: Any) -> int:
        """One count."""
        return int(self.rows(service, statement, **values)[0][0] or 0)


@dataclass(slots=True)
class Finding:
    """One invariant's verdict: how much was looked at, and what was wrong."""

    name: str
    checked: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def held(self) -> bool:
        return not self.wrong

    def look(self, number: int = 1) -> None:
        """So many things were looked at."""
        self.checked += number

    def say(self, what: str) -> None:
        """Something does not hold."""
        self.wrong.append(what)

    def expect(self, condition: bool, what: str) -> None:
        """Look at one thing."""
        self.checked += 1
        if not condition:
            self.wrong.append(what)


Check = Callable[[Evidence, Finding], None]
INVARIANTS: dict[str, Check] = {}


def invariant(sentence: str) -> Callable[[Check], Check]:
    """Name a check by the sentence that has to hold."""

    def named(check: Check) -> Check:
        INVARIANTS[sentence] = check
        return check

    return named


def judge(evidence: Evidence, *sentences: str) -> list[Finding]:
    """Every invariant, or those named; one that cannot be checked does not hold."""
    findings = []
    for sentence in sentences or INVARIANTS:
        finding = Finding(sentence)
        try:
            INVARIANTS[sentence](evidence, finding)
        except Exception as error:
            finding.say(f"could not be checked: {error!r}"[:500])
        findings.append(finding)
    return findings
