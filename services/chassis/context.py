"""What travels along a loop: its correlation id, what caused this step, who asked."""

from contextvars import ContextVar
from dataclasses import dataclass, replace
from uuid import UUID, uuid4


@dataclass(frozen=True, slots=True)
class Context:
    """The thread one worker continues; it goes into every event and log line of its work.

    `traceparent` names the span that what is done here belongs under (`chassis/traceparent.py`).
    """

    correlation_id: str
    causation_id: str | None = None
    traceparent: str | None = None
    actor: UUID | None = None

    def following(self, correlation_id: str) -> "Context":
        """The same step, as part of another loop."""
        return replace(self, correlation_id=correlation_id)

    def acting(self, actor: UUID) -> "Context":
        """The same step, done by this person."""
        return replace(self, actor=actor)

    def under(self, traceparent: str | None) -> "Context":
        """The same step, within this span."""
        return Context(self.correlation_id, self.causation_id, traceparent, self.actor)


def new_context() -> Context:
    """The start of a loop that nothing caused."""
    return Context(correlation_id=str(uuid4()))


_CURRENT: ContextVar[Context | None] = ContextVar("huixin-context", default=None)


def enter(context: Context) -> None:
    """From here on this green thread works at this step: calls to other services continue it."""
    _CURRENT.set(context)


def current() -> Context | None:
    """The step this green thread works at."""
    return _CURRENT.get()
