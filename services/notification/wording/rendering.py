"""A kind of message and its values become words in one language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.chassis.clock import SHANGHAI
from services.notification.wording.catalogue import Catalogue, ValueKind

_WEEKDAYS = "一二三四五六日"

Value = str | int


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a person reads: title and text in the inbox, subject and body in a mail."""

    title: str
    text: str
    subject: str
    preview: str
    body: str


def render(
    kind: str,
    values: Mapping[str, Value],
    language: str,
    *,
    catalogue: Catalogue,
    public_url: str = "",
) -> Rendered:
    """Words of a kind; unknown languages read Chinese. Moments are RFC 3339 texts."""
    language = language if language in catalogue.footers else "zh"
    template = catalogue.templates[kind]
    words = template.words[language]
    shown = {name: _show(values[name], of, language) for name, of in template.values.items()}
    text = words.text.format_map(shown)
    link = public_url.rstrip("/") + template.link
    # The first line is what a lock screen shows under the subject, so it is the neutral one.
    body = "\n\n".join((words.preview, link, text, catalogue.footers[language])) + "\n"
    return Rendered(words.title, text, words.subject, words.preview, body)


def _show(value: Value, kind: ValueKind, language: str) -> str:
    if kind is ValueKind.COUNT:
        return str(int(value))
    if kind is ValueKind.CODE:
        return str(value)
    moment = datetime.fromisoformat(str(value)).astimezone(SHANGHAI)
    if language == "zh":
        weekday = _WEEKDAYS[moment.weekday()]
        return f"{moment.month}月{moment.day}日（周{weekday}）{moment:%H:%M}"
    return f"{moment:%A} {moment.day} {moment:%B}, {moment:%H:%M}"
