"""A crisis signal does not wait for a database that is away: booking is told directly."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from services.assessment.care.definition import CarePolicy
from services.assessment.cases.domain import Flag, NotKept
from services.assessment.cases.publishing import risk_flagged
from services.chassis.clock import Clock
from services.chassis.context import Context
from services.chassis.logs import get_logger
from services.chassis.metrics import count_from_zero, counter
from services.chassis.peers import Peers, PeerUnavailable
from services.contracts.envelope import CONTENT_TYPE, Envelope

log = get_logger()
T = TypeVar("T")

# `kept`: by booking, past our own storage; `lost`: by nobody.
BROUGHT = counter(
    "huixin_assessment_signals_past_storage_total",
    "Crisis signals that storage did not take, by who took them instead",
    ("outcome",),
)
count_from_zero(BROUGHT, ["kept", "lost"])

TRIES = 3
PAUSE_SECONDS = 1.0
MOST_SECONDS = 3.0


class Alarm:
    """Keeps a signal, or brings it past our own storage to where the case is."""

    def __init__(self, peers: Peers, context: Context, clock: Clock) -> None:
        self._peers, self._context, self._clock = peers, context, clock

    def insist(self, keep: Callable[[], T], flags: Sequence[Flag], policy: CarePolicy) -> T:
        """What `keep` returns; where storage stays away, tell booking and raise NotKept."""
        ends = time.monotonic() + MOST_SECONDS
        for tries in range(1, TRIES + 1):
            try:
                return keep()
            except SQLAlchemyError as error:
                if not flags:
                    raise
                log.error("flag-not-kept", tries=tries, error=type(error).__name__)
                if tries == TRIES or time.monotonic() + PAUSE_SECONDS > ends:
                    self._tell(flags, policy, error)
                    raise NotKept(members={"case": str(flags[0].case)}) from error
            time.sleep(PAUSE_SECONDS)
        raise AssertionError("unreachable")

    def _tell(self, flags: Sequence[Flag], policy: CarePolicy, error: SQLAlchemyError) -> None:
        try:
            for number, flag in enumerate(flags, start=1):
                self._post(self._envelope(flag, policy, number))
                BROUGHT.labels("kept").inc()
        except PeerUnavailable as away:
            log.error("flag-lost", reason=away.detail)
            BROUGHT.labels("lost").inc()
            raise error from away

    def _post(self, envelope: Envelope) -> None:
        headers = {"Content-Type": CONTENT_TYPE}
        path = "/internal/v1/events"
        self._peers.call("POST", "booking", path, data=envelope.encode(), headers=headers)

    def _envelope(self, flag: Flag, policy: CarePolicy, number: int) -> Envelope:
        event = risk_flagged(flag, flag.case, policy)
        return Envelope(
            id=flag.id,
            type=event.type,
            subject=event.subject_id(),
            time=self._clock.now(),
            correlation_id=self._context.correlation_id,
            causation_id=self._context.causation_id,
            traceparent=self._context.traceparent,
            sequence=number,
            unit=flag.unit,
            data=event,
        )
