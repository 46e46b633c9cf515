"""Messages as the inbox shows them, with the truth about every channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.portal.web import times
from services.portal.web.language import Translator

CHANNEL_TONES = {"delivered": "good", "sent": "info", "failed": "alarm"}


@dataclass(frozen=True)
class ChannelTruth:
    """What became of a message on one channel."""

    text: str
    tone: str


@dataclass(frozen=True)
class MessageView:
    """One message."""

    id: str
    title: str
    body: str
    at: str
    new: bool
    channels: tuple[ChannelTruth, ...]
    href: str | None


def message_view(message: Mapping[str, Any], t: Translator) -> MessageView:
    """A message with its channels and the page it speaks of."""
    return MessageView(
        id=str(message["id"]),
        title=str(message.get("title") or message.get("subject") or t("inbox.untitled")),
        body=str(message.get("body") or message.get("text") or ""),
        at=_moment(message, t),
        new=not message.get("read_at"),
        channels=tuple(_truth(each, t) for each in message.get("channels") or ()),
        href=_page_of(message),
    )


def _moment(message: Mapping[str, Any], t: Translator) -> str:
    wire = message.get("created_at") or message.get("at")
    return times.moment(times.parse(str(wire)), t.language) if wire else ""


def _truth(channel: Mapping[str, Any], t: Translator) -> ChannelTruth:
    state = str(channel.get("state") or "")
    name = str(channel.get("channel") or "")
    text = f"{t.either(f'channel.{name}', name)} · {t.either(f'channel.state.{state}', state)}"
    return ChannelTruth(text, CHANNEL_TONES.get(state, ""))


def _page_of(message: Mapping[str, Any]) -> str | None:
    """The page a message speaks of: by its kind, else the link it carries, if that is ours."""
    kind, link = str(message.get("kind") or ""), str(message.get("link") or "")
    pages = {"offer": "/offer", "appointment": "/appointments", "duty": "/duty"}
    found = next((page for word, page in pages.items() if kind.startswith(word)), None)
    known = {*pages.values(), "/scales", "/statistics"}
    return found or (link if link in known else None)
