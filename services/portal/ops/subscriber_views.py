"""Subscriptions of other systems, as a list to look after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.portal.web import times
from services.portal.web.frame import Tone
from services.portal.web.language import Translator

TONES: Mapping[str, Tone] = {"active": "good", "paused": "warm", "stopped": "alarm"}
TURNS = {"active": "pause", "paused": "resume", "stopped": "resume"}


@dataclass(frozen=True)
class SubscriberView:
    """One subscription: what it gets, how far it is, and what can be done."""

    id: str
    name: str
    title: str
    state: str
    tone: Tone
    types: tuple[str, ...]
    closed: tuple[str, ...]
    where: str
    last: int
    undelivered: int
    unconfirmed: int
    failing_since: str
    reason: str
    turn: str
    """What can be done besides ending it: `pause` or `resume`; nothing once it has ended."""


def subscriber_views(
    subscriptions: Sequence[Mapping[str, Any]], t: Translator
) -> list[SubscriberView]:
    """Those that need somebody first: stopped, failing, then the others by name."""
    found = [_view(each, t) for each in subscriptions]
    return sorted(found, key=lambda each: (_urgency(each), each.name))


def _urgency(view: SubscriberView) -> int:
    if view.state == "ended":
        return 3
    return 0 if view.state == "stopped" else 1 if view.failing_since else 2


def _view(document: Mapping[str, Any], t: Translator) -> SubscriberView:
    state, failing = str(document["state"]), document.get("failing_since")
    return SubscriberView(
        id=str(document["id"]),
        name=str(document["name"]),
        title=str(document["title"]),
        state=state,
        tone=TONES.get(state, "info"),
        types=tuple(document["types"]),
        closed=tuple(document["waiting_for_grant"]),
        where=str(document.get("url") or document.get("queue") or ""),
        last=int(document["last"]),
        undelivered=int(document["last"]) - int(document["delivered"]),
        unconfirmed=int(document["last"]) - int(document["confirmed"]),
        failing_since=times.moment(times.parse(str(failing)), t.language) if failing else "",
        reason=str(document.get("reason") or ""),
        turn=TURNS.get(state, ""),
    )
