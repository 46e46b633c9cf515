"""The AsyncAPI 3.0 document: who sends what, and who reads it from which queue."""

import json
from collections.abc import Mapping
from inspect import cleandoc

from services.contracts.catalogue import EVENTS
from services.contracts.envelope import CONTENT_TYPE, decode
from services.contracts.event import DataClass, EventType, Json
from services.contracts.schemas import headers_of
from services.contracts.subscriptions import SUBSCRIPTIONS, Subscription

BINDING = "0.3.0"
SERVER = {"$ref": "#/servers/broker"}
CLASSES: Mapping[DataClass, str] = {
    DataClass.PUBLIC: "Leaves the federation's own services: no person in it, no small number.",
    DataClass.INTERNAL: "For the federation's own services.",
    DataClass.CONFIDENTIAL: "About one person: for the services that care for them.",
}

Examples = Mapping[str, bytes]


def asyncapi(version: str, examples: Examples) -> Json:
    """The document of this version of the contracts, with an example of each event by type."""
    types = sorted(EVENTS)
    return {
        "asyncapi": "3.0.0",
        "info": _info(version),
        "defaultContentType": CONTENT_TYPE.split(";", maxsplit=1)[0],
        "servers": {"broker": _broker()},
        "channels": {
            **{kind: _type_channel(EVENTS[kind]) for kind in types},
            **{each.queue: _queue_channel(each) for each in SUBSCRIPTIONS},
        },
        "operations": {
            **{f"send.{kind}": _send(EVENTS[kind]) for kind in types},
            **{f"receive.{each.queue}": _receive(each) for each in SUBSCRIPTIONS},
        },
        "components": {
            "securitySchemes": {
                "brokerUser": {
                    "type": "userPassword",
                    "description": "Each service has a user of its own, which writes its own"
                    " exchange and reads its own queues, and nothing else.",
                }
            },
            "messageTraits": {"cloudEvent": _cloud_event()},
            "messages": {kind: _message(EVENTS[kind], examples[kind]) for kind in types},
        },
    }


def _info(version: str) -> Json:
    return {
        "title": "Huixin events",
        "version": version,
        "description": "CloudEvents 1.0, structured JSON, persistent, on RabbitMQ topic exchanges."
        " The routing key is the type. Readers ignore fields they do not know, and may meet an"
        " event twice: the id tells. `sequence` orders the events of one subject.",
        "license": {"name": "Apache-2.0"},
        "tags": [{"name": str(name), "description": text} for name, text in CLASSES.items()],
    }


def _broker() -> Json:
    return {
        "host": "{broker}:{port}",
        "pathname": "/{vhost}",
        "protocol": "amqps",
        "protocolVersion": "0-9-1",
        "description": "The city's RabbitMQ.",
        "variables": {
            "broker": {"default": "broker.example", "description": "The city's own."},
            "port": {"default": "5671"},
            "vhost": {"default": "%2F"},
        },
        "security": [{"$ref": "#/components/securitySchemes/brokerUser"}],
    }


def _type_channel(event: EventType) -> Json:
    exchange = {"name": f"{event.sender()}.events", "type": "topic", "durable": True}
    return {
        "address": event.type,
        "title": event.type,
        "summary": first_line(event),
        "servers": [SERVER],
        "messages": {event.type: _message_reference(event.type)},
        "tags": _tags(event),
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": BINDING}},
    }


def _queue_channel(subscription: Subscription) -> Json:
    queue = {"name": subscription.queue, "durable": True, "exclusive": False, "autoDelete": False}
    return {
        "address": subscription.queue,
        "title": f"What {subscription.reader} reads from {subscription.queue}",
        "description": f"A quorum queue of the {subscription.lane.value} lane. What cannot be"
        f" read goes to `{subscription.queue}.dead`.",
        "servers": [SERVER],
        "messages": {kind: _message_reference(kind) for kind in subscription.types},
        "bindings": {"amqp": {"is": "queue", "queue": queue, "bindingVersion": BINDING}},
    }


def _send(event: EventType) -> Json:
    return {
        "action": "send",
        "title": f"{event.sender()} sends {event.type}",
        "channel": {"$ref": f"#/channels/{event.type}"},
        "messages": [{"$ref": f"#/channels/{event.type}/messages/{event.type}"}],
        "bindings": {"amqp": {"deliveryMode": 2, "bindingVersion": BINDING}},
    }


def _receive(subscription: Subscription) -> Json:
    channel = f"#/channels/{subscription.queue}"
    return {
        "action": "receive",
        "title": f"{subscription.reader} reads {subscription.queue}",
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{kind}"} for kind in subscription.types],
        "bindings": {"amqp": {"ack": True, "bindingVersion": BINDING}},
    }


def _cloud_event() -> Json:
    return {
        "contentType": CONTENT_TYPE.split(";", maxsplit=1)[0],
        "correlationId": {
            "description": "The loop the event belongs to.",
            "location": "$message.payload#/correlationid",
        },
    }


def _message(event: EventType, example: bytes) -> Json:
    envelope = decode(example)
    return {
        "name": event.type,
        "title": first_line(event),
        "description": cleandoc(event.__doc__ or ""),
        "tags": _tags(event),
        "headers": headers_of(event),
        "payload": {"$ref": f"schemas/{event.type}.json"},
        "traits": [{"$ref": "#/components/messageTraits/cloudEvent"}],
        "examples": [{"headers": envelope.headers(), "payload": _parsed(example)}],
        **({"x-replaced-by": event.replaced_by} if event.replaced_by else {}),
    }


def _message_reference(kind: str) -> Json:
    return {"$ref": f"#/components/messages/{kind}"}


def _tags(event: EventType) -> list[Json]:
    return [{"name": event.dataclass.value}, {"name": event.sender()}]


def _parsed(example: bytes) -> Json:
    found: Json = json.loads(example)
    return found


def first_line(event: EventType) -> str:
    """An event's meaning in one line."""
    return cleandoc(event.__doc__ or "").splitlines()[0]
