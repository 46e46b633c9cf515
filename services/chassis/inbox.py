"""The inbox: an event takes effect once per queue, and a failing one waits here for its retries."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from services.chassis.errors import ServiceError
from services.chassis.statements import broken_rule, fetch, postpone
from services.contracts.envelope import Envelope

RETRY_SECONDS = (5, 30, 120, 600)
CRISIS_RETRY_SECONDS = 60

# In the driver's words: the statement of every event goes past SQLAlchemy's compiler.
_RECEIVE = "INSERT INTO inbox (queue, event_id) VALUES (%(queue)s, %(event_id)s)"
_RECEIVE_ONCE = f"{_RECEIVE} ON CONFLICT DO NOTHING RETURNING 1"
_RECEIVE_MANY = text(
    "INSERT INTO inbox (queue, event_id) SELECT :queue, unnest(CAST(:ids AS uuid[]))"
    " ON CONFLICT DO NOTHING RETURNING event_id"
)
_RETRY = text(
    "SELECT 1 FROM inbox WHERE queue = :queue AND event_id = :event_id"
    " AND state = 'retry' AND due_at <= now() FOR UPDATE SKIP LOCKED"
)
_DONE = text(
    """
    INSERT INTO inbox (queue, event_id) VALUES (:queue, :event_id)
    ON CONFLICT (queue, event_id)
    DO UPDATE SET state = 'done', due_at = NULL, body = NULL, error = NULL
    """
)
_FAILED = text(
    """
    INSERT INTO inbox (queue, event_id, state, attempts, due_at, body, error)
    VALUES (:queue, :event_id, :state, :attempts, now() + make_interval(secs => :wait),
            :body, :error)
    ON CONFLICT (queue, event_id) DO UPDATE
    SET state = EXCLUDED.state, attempts = EXCLUDED.attempts, due_at = EXCLUDED.due_at,
        body = EXCLUDED.body, error = EXCLUDED.error
    WHERE inbox.state = 'retry'
    """
)
_ATTEMPTS = text("SELECT attempts FROM inbox WHERE queue = :queue AND event_id = :event_id")


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way to one queue's handler; `retry` when it comes from the inbox itself."""

    queue: str
    envelope: Envelope
    body: bytes
    retry: bool = False

    def key(self) -> dict[str, object]:
        """What identifies its inbox row."""
        return {"queue": self.queue, "event_id": self.envelope.id}


def receive(connection: Connection, delivery: Delivery) -> bool:
    """Claim the event in this transaction; False: it was here before, or another has it."""
    if delivery.retry:
        return connection.execute(_RETRY, delivery.key()).first() is not None
    return bool(fetch(connection, _RECEIVE_ONCE, delivery.key()))


def receive_ahead(connection: Connection, delivery: Delivery) -> None:
    """Claim the event without waiting for it: a round trip less for each event.

    Where it was here before, the transaction's next statement, or its commit, fails with an error
    that `was_here_before` knows, and nothing of the transaction takes effect.
    """
    postpone(connection, _RECEIVE, delivery.key())


def was_here_before(error: DBAPIError) -> bool:
    """Whether a statement failed because the event it travelled with had been claimed already."""
    return broken_rule(error) == "pk_inbox"


def mark_done(connection: Connection, delivery: Delivery) -> None:
    """Note that the event took effect."""
    connection.execute(_DONE, delivery.key())


def store_failure(
    connection: Connection, delivery: Delivery, error: BaseException, *, crisis: bool = False
) -> str:
    """Keep the event with its next retry, or parked for an operator; returns that state.

    A crisis event is never parked: it is tried every minute until it took effect.
    """
    attempts = connection.execute(_ATTEMPTS, delivery.key()).scalar() or 0
    refused = isinstance(error, ServiceError) and error.status < 500
    given_up = not crisis and (refused or attempts >= len(RETRY_SECONDS))
    wait = RETRY_SECONDS[min(attempts, len(RETRY_SECONDS) - 1)]
    state = "parked" if given_up else "retry"
    row = {
        **delivery.key(),
        "state": state,
        "attempts": attempts + 1,
        "wait": min(wait, CRISIS_RETRY_SECONDS) if crisis else wait,
        "body": delivery.body,
        "error": failure_code(error),
    }
    connection.execute(_FAILED, row)
    return state


def failure_code(error: BaseException | None) -> str:
    """A refusal's code or an error's type: its text may hold personal data."""
    return error.code if isinstance(error, ServiceError) else type(error).__name__


def receive_many(connection: Connection, queue: str, envelopes: list[Envelope]) -> list[Envelope]:
    """Claim a batch with one statement; returns those that were not here before."""
    ids = [str(envelope.id) for envelope in envelopes]
    values = {"queue": queue, "ids": ids}
    fresh: set[UUID] = set(connection.execute(_RECEIVE_MANY, values).scalars())
    found = []
    for envelope in envelopes:
        if envelope.id in fresh:
            fresh.discard(envelope.id)
            found.append(envelope)
    return found
