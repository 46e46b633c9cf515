"""A unit of work in memory: rows, timers and events, kept only by a commit."""

import copy
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID, uuid4

from services.booking.cases.domain import Case
from services.booking.cases.errors import NoSuchCase
from services.booking.cases.policy import load_crisis_policy
from services.booking.cases.steps import Step
from services.booking.rosters.domain import NoSuchShift, Shift
from services.booking.rosters.gaps import Gap
from services.contracts.event import IntegrationEvent

NINE = datetime(2025, 6, 2, 1, 0, tzinfo=UTC)  # a Monday, 9:00 in Shanghai
POLICY = load_crisis_policy(embedded=True)


class FakeCases:
    def __init__(self) -> None:
        self.rows: dict[UUID, Case] = {}
        self.timelines: dict[UUID, list[Step]] = {}
        self.care: set[tuple[UUID, UUID]] = set()

    def lock_opening(self, of: UUID) -> None:
        pass

    def find(self, case: UUID) -> Case | None:
        return copy.deepcopy(self.rows.get(case))

    def get(self, case: UUID) -> Case:
        found = self.find(case)
        if found is None:
            raise NoSuchCase
        return found

    def open_of(self, person: UUID) -> Case | None:
        mine = [c for c in self.rows.values() if c.person == person and c.is_open and not c.drill]
        assert len(mine) <= 1
        return copy.deepcopy(mine[0]) if mine else None

    def save(self, case: Case) -> None:
        assert case.is_open == (case.next_due_at is not None)
        self.timelines.setdefault(case.id, []).extend(case.new_steps)
        case.new_steps.clear()
        self.rows[case.id] = copy.deepcopy(case)
        self.rows[case.id].happened.clear()

    def late(self, before: datetime, limit: int) -> Sequence[UUID]:
        late = [c for c in self.rows.values() if c.next_due_at and c.next_due_at < before]
        return [case.id for case in late][:limit]

    def last_signal(self, case: UUID) -> datetime | None:
        return next((s.at for s in reversed(self.timelines[case]) if s.kind == "signal"), None)

    def in_care(self, counsellor: UUID, person: UUID, since: datetime) -> bool:
        return (counsellor, person) in self.care


class FakeRosters:
    def __init__(self) -> None:
        self.shifts: dict[UUID, Shift] = {}
        self.gaps: dict[UUID, Gap] = {}

    def get(self, shift: UUID) -> Shift:
        if shift not in self.shifts:
            raise NoSuchShift
        return self.shifts[shift]

    def between(self, starts_at: datetime, ends_at: datetime) -> Sequence[Shift]:
        touching = [
            s for s in self.shifts.values() if s.starts_at < ends_at and s.ends_at > starts_at
        ]
        return sorted(touching, key=lambda each: each.starts_at)

    def lock_officer(self, officer: UUID) -> None:
        pass

    def save(self, shift: Shift) -> None:
        self.shifts[shift.id] = shift

    def remove(self, shift: UUID) -> None:
        del self.shifts[shift]

    def open_gaps(self) -> Sequence[Gap]:
        return list(self.gaps.values())

    def save_gap(self, gap: Gap) -> None:
        self.gaps[gap.id] = gap

    def fill_gap(self, gap: UUID, at: datetime) -> None:
        del self.gaps[gap]


class FakeTimers:
    def __init__(self) -> None:
        self.set_for: dict[tuple[str, str], tuple[datetime, Mapping[str, Any]]] = {}

    def set(
        self, kind: str, key: str, due_at: datetime, payload: Mapping[str, Any] | None = None
    ) -> None:
        self.set_for[kind, key] = (due_at, payload or {})

    def cancel(self, kind: str, key: str) -> None:
        self.set_for.pop((kind, key), None)


class FakeVault:
    def seal(self, person: UUID | None, plaintext: bytes, context: str) -> bytes:
        return f"{person}|{context}|".encode() + plaintext[::-1]

    def open(self, person: UUID | None, sealed: bytes, context: str) -> bytes:
        return sealed.removeprefix(f"{person}|{context}|".encode())[::-1]


class FakeWork:
    """Only what was committed counts; `published` holds (event, urgent, unit, correlation id)."""

    def __init__(self, now: datetime = NINE) -> None:
        self.time = now
        self.cases, self.rosters = FakeCases(), FakeRosters()
        self.timers, self.vault = FakeTimers(), FakeVault()
        self.correlation_id = "loop-1"
        self.published: list[tuple[IntegrationEvent, bool, str, str]] = []
        self._uncommitted: list[tuple[IntegrationEvent, bool, str, str]] = []
        self._inside = False

    def __enter__(self) -> Self:
        assert not self._inside
        self._inside, self._uncommitted = True, []
        return self

    def __exit__(self, *_: object) -> None:
        self._inside = False

    def commit(self) -> None:
        assert self._inside
        self.published += self._uncommitted

    def now(self) -> datetime:
        return self.time

    def pass_time(self, **time: float) -> None:
        self.time += timedelta(**time)

    def publish(
        self,
        event: IntegrationEvent,
        *,
        unit: str = "",
        urgent: bool = False,
        subject: str | None = None,
    ) -> None:
        self._uncommitted.append((event, urgent, unit, self.correlation_id))

    def follow(self, correlation_id: str) -> None:
        self.correlation_id = correlation_id

    def audit(
        self, action: str, subject: UUID | str, person: UUID | None = None, reason: str = ""
    ) -> None:
        pass

    def events(self, kind: type[IntegrationEvent]) -> list[Any]:
        return [event for event, *_ in self.published if isinstance(event, kind)]

    def types(self) -> list[str]:
        return [event.type.split(".")[1] for event, *_ in self.published]

    def shift(self, tier: int = 1, *, hours: float = 24, unit: str = "wh", **more: Any) -> UUID:
        """An officer on duty from now on; the officer's id."""
        shift = Shift(
            id=uuid4(),
            officer=more.get("officer") or uuid4(),
            tier=tier,
            unit=unit,
            starts_at=more.get("starts_at", self.time),
            ends_at=more.get("starts_at", self.time) + timedelta(hours=hours),
        )
        self.rosters.shifts[shift.id] = shift
        return shift.officer

    def case(self, case_id: UUID) -> Case:
        return self.cases.rows[case_id]

    def timeline(self, case_id: UUID) -> list[str]:
        return [step.kind for step in self.cases.timelines[case_id]]
