"""The catalogue of events as one HTML page that needs nothing else: to read, search and print."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from services.cli.contracting.released import Documents, releases
from services.cli.contracting.samples import samples
from services.contracts.asyncapi import CLASSES
from services.contracts.catalogue import EVENTS
from services.contracts.event import EventType
from services.contracts.schemas import ATTRIBUTES, schema_of
from services.contracts.subscriptions import Lane, Subscription, readers_of
from services.contracts.titles import SERVICES, TITLES

LANES = {
    Lane.ORDINARY: "ordinary",
    Lane.CRISIS: "crisis: read before everything else, never parked",
    Lane.BATCH: "batch: counted, many at once",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A row of an event's table; `depth` is how far it is inside another."""

    name: str
    kind: str
    required: bool
    meaning: str
    choices: tuple[str, ...] = ()
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """All that the page says about one event."""

    type: str
    title: str
    paragraphs: tuple[str, ...]
    dataclass: str
    sender: str
    subject: str
    readers: tuple[Subscription, ...]
    fields: tuple[Field, ...]
    example: str
    since: str
    versions: tuple[str, ...]
    replaced_by: str


def catalogue() -> str:
    """The page."""
    environment = Environment(
        loader=PackageLoader("services.cli.contracting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["code"] = _with_code
    return environment.get_template("catalogue.html").render(
        senders=_by_sender(),
        services=SERVICES,
        classes=CLASSES,
        lanes=LANES,
        attributes=list(_fields({"properties": ATTRIBUTES, "required": []}, {})),
        release=next(reversed(releases()), None),
    )


def _by_sender() -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    examples, since = samples(), _since()
    for kind, event in EVENTS.items():
        entry = _entry(event, json.loads(examples[kind]), since.get(kind, ""))
        found.setdefault(event.sender(), []).append(entry)
    return found


def _entry(event: EventType, example: dict[str, Any], since: str) -> Entry:
    schema = schema_of(event)
    parts: Documents = schema["$defs"]
    name = event.type.rpartition(".")[0]
    return Entry(
        type=event.type,
        title=TITLES[event.type],
        paragraphs=tuple(schema["description"].split("\n\n")),
        dataclass=event.dataclass.value,
        sender=event.sender(),
        subject=event.subject,
        readers=readers_of(event.type),
        fields=tuple(_fields(parts[event.__name__], parts)),
        example=json.dumps(example, ensure_ascii=False, indent=2),
        since=since,
        versions=tuple(each for each in EVENTS if each.rpartition(".")[0] == name),
        replaced_by=event.replaced_by,
    )


def _since() -> dict[str, str]:
    """The release each event first stood in."""
    found: dict[str, str] = {}
    for release in releases():
        for kind in release.events:
            found.setdefault(kind, release.version)
    return found


def _fields(part: dict[str, Any], parts: Documents, depth: int = 0) -> Iterator[Field]:
    for name, schema in part["properties"].items():
        described = _resolved(schema, parts)
        yield Field(
            name=name,
            kind=_kind(schema, parts),
            required=name in part.get("required", ()),
            meaning=schema.get("description", ""),
            choices=tuple(described.get("enum", ())),
            depth=depth,
        )
        inner = _resolved(described.get("items", {}), parts)
        if "properties" in inner:
            yield from _fields(inner, parts, depth + 1)


def _kind(schema: dict[str, Any], parts: Documents) -> str:
    if "anyOf" in schema:
        return " or ".join(_kind(each, parts) for each in schema["anyOf"])
    described = _resolved(schema, parts)
    if "enum" in described:
        return "one of"
    if described.get("type") == "array":
        return f"list of {_kind(described['items'], parts)}"
    if described.get("type") == "object":
        return "objects"
    if "const" in described:
        return f"“{described['const']}”"
    return {"uuid": "UUID", "date-time": "moment"}.get(
        described.get("format", ""), str(described.get("type", ""))
    )


def _resolved(schema: dict[str, Any], parts: Documents) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    return parts[schema["$ref"].rpartition("/")[2]]


def _with_code(text: str) -> Markup:
    """Words between backticks as code."""
    pieces = str(escape(text)).split("`")
    marked = [f"<code>{each}</code>" if at % 2 else each for at, each in enumerate(pieces)]
    return Markup("".join(marked))  # noqa: S704  # escaped above
