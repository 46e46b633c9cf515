"""Count a batch: ledger rows and counter changes in one transaction."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from services.contracts.accounts import ErasureRequestedV1
from services.contracts.envelope import Envelope
from services.reporting.calendar import Month
from services.reporting.counting.entry import Entry, entry_of
from services.reporting.counting.tally import Tally
from services.reporting.ledger import metrics
from services.reporting.ledger.ports import CountingWork
from services.reporting.units import root_of


def count_events(events: Sequence[Envelope], *, city: str, uow: CountingWork) -> None:
    """Count events in whatever order they come; one that was counted before changes nothing."""
    with uow:
        uow.counters.hold_still()
        fresh = uow.ledger.append([entry_of(event, city) for event in events])
        tally = Tally()
        for entry in fresh:
            tally.add(entry)
        uow.counters.add(tally)
        uow.counters.merge_cases(fresh)
        late = uow.counters.note_months(_by_month(fresh), uow.now())
        uow.ledger.forget(
            [event.data.person for event in events if isinstance(event.data, ErasureRequestedV1)]
        )
        now = uow.now()
        uow.commit()
    _observe(fresh, late, now)


def _by_month(entries: Sequence[Entry]) -> Counter[tuple[str, Month]]:
    return Counter((root_of(entry.unit), entry.month) for entry in entries)


def _observe(entries: Sequence[Entry], late: int, now: datetime) -> None:
    metrics.LATE.inc(late)
    if entries:
        oldest = min(entry.at for entry in entries)
        metrics.LAG.set(max(0.0, (now - oldest).total_seconds()))
    for kind, number in Counter(entry.kind for entry in entries).items():
        metrics.COUNTED.labels(kind).inc(number)
