"""The contracts as documents: JSON Schema for each event, and AsyncAPI 3 for all of them."""

import json
from pathlib import Path
from typing import Any

import msgspec

from services.contracts.catalogue import EVENTS
from services.contracts.event import EventType, Json
from services.contracts.subscriptions import readers_of

FOLDER = Path(__file__).parent / "generated"
DIALECT = "https://json-schema.org/draft/2020-12/schema"

ATTRIBUTES: Json = {
    "specversion": {"const": "1.0"},
    "id": {"type": "string", "format": "uuid"},
    "source": {"type": "string", "pattern": "^/huixin/[a-z]+$"},
    "subject": {"type": "string", "minLength": 1},
    "time": {"type": "string", "format": "date-time"},
    "datacontenttype": {"const": "application/json"},
    "correlationid": {"type": "string", "minLength": 1},
    "causationid": {"type": "string"},
    "sequence": {"type": "string", "pattern": "^[1-9][0-9]*$"},
    "traceparent": {"type": "string"},
    "unit": {"type": "string"},
}
REQUIRED = (
    "specversion",
    "id",
    "source",
    "type",
    "subject",
    "time",
    "dataclass",
    "correlationid",
    "sequence",
    "data",
)


def schema_of(event: EventType) -> Json:
    """JSON Schema (2020-12) of a whole message: the CloudEvents attributes and the data."""
    (reference,), definitions = msgspec.json.schema_components(
        [event], ref_template="#/$defs/{name}"
    )
    return {
        "$schema": DIALECT,
        "$id": f"urn:huixin:event:{event.type}",
        "title": event.type,
        "description": _first_line(event),
        "type": "object",
        "required": list(REQUIRED),
        "properties": {
            **ATTRIBUTES,
            "type": {"const": event.type},
            "dataclass": {"const": event.dataclass.value},
            "data": reference,
        },
        "$defs": {name: definitions[name] for name in sorted(definitions)},
    }


def asyncapi() -> Json:
    """The AsyncAPI 3.0 document: who sends what, and who reads it from which queue."""
    types = sorted(EVENTS)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Huixin events",
            "version": "1.0.0",
            "description": "CloudEvents 1.0, structured JSON, on RabbitMQ topic exchanges.",
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {kind: _channel(EVENTS[kind]) for kind in types},
        "operations": _operations(types),
        "components": {"messages": {kind: _message(EVENTS[kind]) for kind in types}},
    }


def documents() -> dict[str, str]:
    """Every generated file by its name, as text."""
    files = {f"schemas/{kind}.json": schema_of(event) for kind, event in EVENTS.items()}
    return {
        name: json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        for name, document in {**files, "asyncapi.json": asyncapi()}.items()
    }


def write(folder: Path = FOLDER) -> list[str]:
    """Write the documents, remove those of events that are gone; returns what changed."""
    wanted = documents()
    changed = stale(folder)
    for name in changed:
        path = folder / name
        if name in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[name])
        else:
            path.unlink()
    return changed


def stale(folder: Path = FOLDER) -> list[str]:
    """The files that differ from what the contracts say now, are missing, or are left over."""
    wanted = documents()
    there = {str(path.relative_to(folder)) for path in folder.rglob("*.json")}
    differing = [name for name, text in wanted.items() if not _same(folder / name, text)]
    return sorted({*differing, *(there - wanted.keys())})


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text() == text


def _channel(event: EventType) -> Json:
    exchange = {"name": f"{event.sender()}.events", "type": "topic", "durable": True}
    return {
        "address": event.type,
        "messages": {event.type: {"$ref": f"#/components/messages/{event.type}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange}},
    }


def _message(event: EventType) -> Json:
    return {
        "name": event.type,
        "title": _first_line(event),
        "contentType": "application/cloudevents+json",
        "tags": [{"name": event.dataclass.value}],
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-2020-12",
            "schema": {"$ref": f"schemas/{event.type}.json"},
        },
    }


def _operations(types: list[str]) -> Json:
    found: Json = {}
    for kind in types:
        channel = {"$ref": f"#/channels/{kind}"}
        sender = EVENTS[kind].sender()
        found[f"{sender}.send.{kind}"] = {"action": "send", "channel": channel}
        for reader in readers_of(kind):
            operation: dict[str, Any] = {
                "action": "receive",
                "channel": channel,
                "description": f"Queue {reader.queue}, {reader.lane.value} lane",
            }
            found[f"{reader.queue}.receive.{kind}"] = operation
    return found


def _first_line(event: EventType) -> str:
    return (event.__doc__ or "").strip().splitlines()[0]
