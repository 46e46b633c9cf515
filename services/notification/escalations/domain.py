"""Escalations: who is paged for a case, when, and when paging stops or starts again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID


class EscalationState(StrEnum):
    """Open: somebody is being paged. Stopped: an officer has it. Closed: the case is over."""

    OPEN = "open"
    STOPPED = "stopped"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Rung:
    """Whom to page (no officer: the city's fallback contact), and from when on."""

    officer: UUID | None
    tier: int
    due_at: datetime
    paged_at: datetime | None = None

    @property
    def paged(self) -> bool:
        return self.paged_at is not None


@dataclass(frozen=True, slots=True)
class EscalationRaised:
    """A rung is being paged."""

    rung: Rung


@dataclass(frozen=True, slots=True)
class EscalationAcknowledged:
    """An officer took the case, or it ended."""


@dataclass(frozen=True, slots=True)
class EscalationExpired:
    """The round ended without an answer."""

    round: int


EscalationEvent = EscalationRaised | EscalationAcknowledged | EscalationExpired


def ladder(rungs: Iterable[Rung], *, fallback: bool, now: datetime, pause: timedelta) -> list[Rung]:
    """The rungs in order of time, the first at once; nobody rostered means the fallback at once.

    Otherwise the fallback is the last rung, at the last officer's time, but never before a
    `pause` in which the first could answer.
    """
    ordered = sorted(rungs, key=lambda rung: rung.due_at)
    if fallback or not ordered:
        return [Rung(None, 0, now), *ordered]
    first, last = ordered[0], ordered[-1]
    ordered[0] = replace(first, due_at=min(now, first.due_at))
    return [*ordered, Rung(None, 0, max(last.due_at, now + pause))]


@dataclass(frozen=True, slots=True)
class HandUp:
    """Whom the roster names at the moment of an escalation; nothing known: the earlier chain."""

    chain: Sequence[Rung] = ()
    fallback: bool = False
    pause: timedelta = timedelta(minutes=15)

    @property
    def known(self) -> bool:
        return bool(self.chain) or self.fallback

    def ladder(self, rungs: Sequence[Rung], now: datetime) -> list[Rung]:
        """These officers, and the fallback behind or instead of them."""
        return ladder(rungs, fallback=self.fallback, now=now, pause=self.pause)


@dataclass(slots=True, kw_only=True)
class Escalation:
    """The paging of one case. `sequence` is the newest case event it knows of: older ones that
    arrive late change nothing.
    """

    id: UUID
    case: UUID
    sequence: int
    rungs: list[Rung]
    state: EscalationState = EscalationState.OPEN
    round: int = 1
    drill: bool
    unit: str
    correlation_id: str
    started_at: datetime
    events: list[EscalationEvent] = field(default_factory=list)

    @property
    def open(self) -> bool:
        return self.state is EscalationState.OPEN

    def is_news(self, sequence: int) -> bool:
        """Whether a case event has to be acted on; remembers it then."""
        if sequence <= self.sequence:
            return False
        self.sequence = sequence
        return True

    def page_due(self, now: datetime, repeat: timedelta) -> list[Rung]:
        """The rungs to page now. After the last, and a pause, the chain starts again."""
        if not self.open:
            return []
        if now >= self._restarts_at(repeat):
            self._start_over(now)
        due = [rung for rung in self.rungs if not rung.paged and rung.due_at <= now]
        self.rungs = [replace(rung, paged_at=now) if rung in due else rung for rung in self.rungs]
        self.events += [EscalationRaised(rung) for rung in due]
        return due

    def next_at(self, repeat: timedelta) -> datetime:
        """When `page_due` has something to do next."""
        waiting = [rung.due_at for rung in self.rungs if not rung.paged]
        return min(waiting) if waiting else self._restarts_at(repeat)

    def start(self, escalation_id: UUID, rungs: list[Rung], now: datetime) -> None:
        """Page (again) along a chain.

        An escalation that is already open keeps the earlier times of those still waiting, so that
        repeated alarms for one case never put off the next officer.
        """
        if self.open:
            waiting = {rung.officer: rung.due_at for rung in self.rungs if not rung.paged}
            rungs = [_earlier(rung, waiting.get(rung.officer)) for rung in rungs]
        else:
            self.id, self.round, self.started_at = escalation_id, 1, now
            self.state = EscalationState.OPEN
        self.rungs = rungs

    def hand_up(self, escalation_id: UUID, tier: int, to: HandUp, now: datetime) -> None:
        """The next tier is responsible: page it now, even if a lower one had taken the case."""
        if self.state is EscalationState.CLOSED or not (self.rungs or to.known):
            return
        if not self.open:
            officers = to.chain if to.known else _officers(self.rungs)
            upper = [rung for rung in officers if rung.tier >= tier] or officers
            self.start(escalation_id, to.ladder(_from_now(upper, now), now), now)
            return
        if to.known:
            self._replace_waiting(to.ladder(to.chain, now))
        self.rungs = [
            replace(rung, due_at=min(now, rung.due_at)) if _is_up_to(tier, rung) else rung
            for rung in self.rungs
        ]

    def unreachable(self, officer: UUID | None, now: datetime) -> None:
        """A page reached nobody: the next officer is paged now, after the last the fallback."""
        waiting = sorted((r for r in self.rungs if not r.paged), key=lambda rung: rung.due_at)
        if waiting:
            first = waiting[0]
            self.rungs = [replace(r, due_at=now) if r is first else r for r in self.rungs]
        elif officer is not None and all(rung.officer is not None for rung in self.rungs):
            self.rungs = [*self.rungs, Rung(None, 0, now)]

    def stop(self, *, closed: bool) -> None:
        """An officer has the case, or it is over: nobody is paged further."""
        if self.open:
            self.events.append(EscalationAcknowledged())
        self.state = EscalationState.CLOSED if closed else EscalationState.STOPPED

    def _replace_waiting(self, rungs: list[Rung]) -> None:
        """Those already paged stay; who is not rostered any more is not paged later."""
        paged = [rung for rung in self.rungs if rung.paged]
        heard = {rung.officer for rung in paged}
        waiting = {rung.officer: rung.due_at for rung in self.rungs if not rung.paged}
        fresh = [rung for rung in rungs if rung.officer not in heard]
        self.rungs = [*paged, *(_earlier(rung, waiting.get(rung.officer)) for rung in fresh)]

    def _restarts_at(self, repeat: timedelta) -> datetime:
        paged = [rung.paged_at for rung in self.rungs if rung.paged_at is not None]
        if len(paged) < len(self.rungs):
            return datetime.max.replace(tzinfo=UTC)
        return max(paged) + repeat

    def _start_over(self, now: datetime) -> None:
        self.events.append(EscalationExpired(self.round))
        self.round += 1
        self.rungs = _from_now(self.rungs, now)


def _officers(rungs: Iterable[Rung]) -> list[Rung]:
    return [rung for rung in rungs if rung.officer is not None]


def _is_up_to(tier: int, rung: Rung) -> bool:
    return rung.officer is not None and rung.tier <= tier and not rung.paged


def _from_now(rungs: Sequence[Rung], now: datetime) -> list[Rung]:
    """The same officers at the same distances, the first at once."""
    if not rungs:
        return []
    first = min(rung.due_at for rung in rungs)
    return [Rung(rung.officer, rung.tier, now + (rung.due_at - first)) for rung in rungs]


def _earlier(rung: Rung, known: datetime | None) -> Rung:
    return rung if known is None else replace(rung, due_at=min(rung.due_at, known))
