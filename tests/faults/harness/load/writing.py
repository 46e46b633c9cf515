"""Writes that end in a promise: repeated under their key, now, later, and for no reason at all."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.cli.demo_city.city import person_id
from tests.faults.harness.diary import Diary, Promise
from tests.faults.harness.load.client import Call, Callers, NoReply, Reply

LONG = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """A call, what it promises when it succeeds, and the resource it is about where that has an id
    already."""

    call: Call
    kind: str
    about: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


class Writing:
    """All writes of a run."""

    def __init__(self, callers: Callers, diary: Diary) -> None:
        self._callers, self._diary = callers, diary
        self._answered: list[tuple[Write, str]] = []
        self._unanswered: list[Write] = []
        self._lock = threading.Lock()

    def __call__(
        self, call: Call, kind: str, facts: Mapping[str, Any] | None = None, *, about: str = ""
    ) -> Reply | None:
        """Make it; None where no definite answer came in time: it is then asked for again at the
        end of the run, since it may have been done."""
        write = Write(call=call, kind=kind, about=about, facts=facts or {})
        try:
            reply = self._callers.make(call)
        except NoReply:
            self._diary.note("unanswered", path=call.path, key=call.key)
            with self._lock:
                self._unanswered.append(write)
            return None
        self._keep(write, reply)
        return reply

    def again(self, dice: float) -> None:
        """Repeat one that was answered: it has to be the same answer about the same thing."""
        with self._lock:
            if not self._answered:
                return
            write, told = self._answered[int(dice * len(self._answered))]
        reply = self._callers.make(write.call)
        self._diary.count("repeats")
        if _about(write, reply) != told or not reply.made:
            self._diary.repeats_that_differ.append(f"{write.kind} {told} status {reply.status}")

    def settle(self) -> int:
        """Repeat what nobody answered, until it is; returns how many there were."""
        waiting, self._unanswered = self._unanswered, []
        for write in waiting:
            self._keep(write, self._callers.make(write.call, patience=LONG))
        return len(waiting)

    def _keep(self, write: Write, reply: Reply) -> None:
        self._diary.count(f"answered {reply.status}")
        if not reply.made:
            return
        about = _about(write, reply)
        self._diary.promise(
            Promise(
                kind=write.kind,
                id=about,
                person=str(person_id(write.call.person)) if write.call.person else "",
                key=write.call.key,
                facts=write.facts,
            )
        )
        # A call without a person has no scope for its key: it is not repeated as the same.
        if write.call.person:
            with self._lock:
                self._answered.append((write, about))


def _about(write: Write, reply: Reply) -> str:
    body = reply.body if isinstance(reply.body, dict) else {}
    return write.about or str(body.get("id", ""))
