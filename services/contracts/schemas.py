"""JSON Schema of each event: the whole message, with what every field means."""

import ast
import inspect
import sys
from collections.abc import Mapping
from functools import cache
from inspect import cleandoc
from itertools import pairwise
from typing import Any

import msgspec

from services.contracts.event import EventType, Json

DIALECT = "https://json-schema.org/draft/2020-12/schema"

ATTRIBUTES: Json = {
    "specversion": {"const": "1.0", "description": "The version of CloudEvents."},
    "id": {"type": "string", "format": "uuid", "description": "The event's own id."},
    "source": {
        "type": "string",
        "pattern": "^/huixin/[a-z]+$",
        "description": "The service that sends it.",
    },
    "subject": {
        "type": "string",
        "minLength": 1,
        "description": "The id of what the event is about; its events are numbered.",
    },
    "time": {"type": "string", "format": "date-time", "description": "When it happened, in UTC."},
    "datacontenttype": {"const": "application/json", "description": "What `data` is."},
    "correlationid": {
        "type": "string",
        "minLength": 1,
        "description": "The loop it belongs to, from the first request to the last message.",
    },
    "causationid": {"type": "string", "description": "The event or request that led to it."},
    "sequence": {
        "type": "string",
        "pattern": "^[1-9][0-9]*$",
        "description": "Its number among the events of its subject: from 1, without gaps.",
    },
    "traceparent": {"type": "string", "description": "W3C trace context."},
    "unit": {"type": "string", "description": "The path of the unit it belongs to."},
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
    retired = {"deprecated": True} if event.replaced_by else {}
    meanings = _meanings(event)
    return {
        "$schema": DIALECT,
        "$id": f"urn:huixin:event:{event.type}",
        "title": event.type,
        "description": cleandoc(event.__doc__ or ""),
        **retired,
        "type": "object",
        "required": list(REQUIRED),
        "properties": {
            **ATTRIBUTES,
            "type": {"const": event.type, "description": "The event's type and routing key."},
            "dataclass": {"const": event.dataclass.value, "description": "Who may read it."},
            "data": reference,
        },
        "$defs": {name: _explained(definitions[name], meanings) for name in sorted(definitions)},
    }


def headers_of(event: EventType) -> Json:
    """JSON Schema of a message's AMQP headers: its attributes once more, for routing."""
    repeated = [name for name in REQUIRED if name != "data"]
    properties = schema_of(event)["properties"]
    return {
        "type": "object",
        "required": [f"cloudEvents_{name}" for name in repeated],
        "properties": {
            f"cloudEvents_{name}": properties[name]
            for name in properties
            if name not in {"data", "datacontenttype"}
        },
    }


def _explained(definition: Json, meanings: Mapping[str, Mapping[str, str]]) -> Json:
    own = meanings.get(definition.get("title", ""), {})
    explained = {**definition, "description": cleandoc(definition.get("description", ""))}
    if "properties" in definition:
        explained["properties"] = {
            name: {**schema, "description": own[name]} if name in own else schema
            for name, schema in definition["properties"].items()
        }
    return explained


def _meanings(event: EventType) -> Mapping[str, Mapping[str, str]]:
    """By class name: the event itself, with what it inherits, and the parts of its module."""
    parts = vars(sys.modules[event.__module__]).values()
    return {each.__name__: meanings_of(each) for each in parts if isinstance(each, type)}


@cache
def meanings_of(part: type[Any]) -> Mapping[str, str]:
    """What each field means, from the string below it; a subclass may say it anew."""
    found: dict[str, str] = {}
    for each in reversed(part.__mro__):
        if each.__module__.startswith("services.contracts"):
            found |= _strings_below_fields(each.__module__).get(each.__name__, {})
    return found


@cache
def _strings_below_fields(module: str) -> Mapping[str, Mapping[str, str]]:
    """Of every class of a module."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {each.name: _strings(each) for each in tree.body if isinstance(each, ast.ClassDef)}


def _strings(definition: ast.ClassDef) -> Mapping[str, str]:
    found = {}
    for field, below in pairwise(definition.body):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(
                value=ast.Constant(value=str(text))
            ):
                found[name] = cleandoc(text)
    return found
