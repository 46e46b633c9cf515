"""Hears everything that crosses the broker, and judges it by the documents others rely on."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

import jsonschema
from amqp import Connection
from kombu.utils.url import parse_url

import services.contracts
from services.apphost import KEEPERS

FOLDER = Path(services.contracts.__file__).parent / "generated"
PERSISTENT = 2
CONTENT_TYPE = "application/cloudevents+json"
PREFIX = "cloudEvents_"


@dataclass(frozen=True, slots=True)
class Heard:
    """One message as it was on the broker."""

    exchange: str
    routing_key: str
    body: bytes
    headers: dict[str, Any]
    properties: dict[str, Any]


class Tap:
    """A queue of its own on every exchange of events, from entering to leaving."""

    def __init__(self, url: str) -> None:
        self._url = parse_url(url)

    def __enter__(self) -> "Tap":
        host = f"{self._url['hostname']}:{self._url['port']}"
        self._connection = Connection(
            host,
            userid=self._url["userid"],
            password=self._url["password"],
            virtual_host=self._url["virtual_host"] or "/",
        )
        self._connection.connect()
        self._channel = self._connection.channel()
        self._queue = self._channel.queue_declare(exclusive=True).queue
        for service in KEEPERS:
            self._channel.queue_bind(self._queue, f"{service}.events", "#")
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: Any, _trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def take(self) -> Iterator[Heard]:
        """What was heard since the last time."""
        while message := self._channel.basic_get(self._queue, no_ack=True):
            where, body = message.delivery_info, message.body
            yield Heard(
                exchange=where["exchange"],
                routing_key=where["routing_key"],
                body=body if isinstance(body, bytes) else body.encode(),
                headers=dict(message.headers or {}),
                properties=dict(message.properties),
            )


def faults_of(heard: Heard) -> list[str]:
    """Where a message is not what schemas and AsyncAPI document say; empty where it is."""
    try:
        document = json.loads(heard.body)
        kind = str(document["type"])
        checker = _message_checker(kind)
    except (ValueError, KeyError, TypeError, FileNotFoundError) as error:
        return [f"{heard.routing_key}: no event we know ({error!r})"]
    said = {name: value for name, value in document.items() if name not in _NOT_REPEATED}
    expected = {
        "exchange": (heard.exchange, f"{kind.split('.', maxsplit=1)[0]}.events"),
        "routing key": (heard.routing_key, kind),
        "headers": (_attributes(heard.headers), said),
        "delivery mode": (heard.properties.get("delivery_mode"), PERSISTENT),
        "content type": (_bare(heard.properties.get("content_type")), CONTENT_TYPE),
    }
    wrong = [f"{kind}: {what} is {got}" for what, (got, want) in expected.items() if got != want]
    invalid = (*checker.iter_errors(document), *_header_checker(kind).iter_errors(heard.headers))
    return wrong + [f"{kind}: {error.json_path}: {error.message}" for error in invalid]


_NOT_REPEATED = {"data", "datacontenttype"}


def _attributes(headers: dict[str, Any]) -> dict[str, Any]:
    return {
        name.removeprefix(PREFIX): value
        for name, value in headers.items()
        if name.startswith(PREFIX)
    }


def _bare(content_type: Any) -> str:
    return str(content_type).split(";", maxsplit=1)[0]


@cache
def _message_checker(kind: str) -> Any:
    return _checker(json.loads((FOLDER / f"schemas/{kind}.json").read_text()))


@cache
def _header_checker(kind: str) -> Any:
    document = json.loads((FOLDER / "asyncapi.json").read_text())
    return _checker(document["components"]["messages"][kind]["headers"])


def _checker(schema: Any) -> Any:
    dialect = jsonschema.Draft202012Validator
    return dialect(schema, format_checker=dialect.FORMAT_CHECKER)
