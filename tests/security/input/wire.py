"""Bytes on a socket, where a well-behaved client cannot say what is to be tried."""

import json
import socket
from dataclasses import dataclass
from typing import Any

from tests.support.apps import App


@dataclass(frozen=True)
class Heard:
    """One answer: its status, its problem document, and whether the connection went on."""

    status: int
    document: Any
    closed: bool


def exchange(app: App, service: str, *requests: bytes, ends: bool = False) -> list[Heard]:
    """Send these bytes at once; every answer until the service closes, or has none left."""
    host, _, port = app.urls[service].removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(b"".join(requests))
        if ends:
            connection.shutdown(socket.SHUT_WR)
        heard = []
        with connection.makefile("rb") as answers:
            while len(heard) < len(requests) and (one := _answer(answers)) is not None:
                heard.append(one)
            return heard


def _answer(answers: Any) -> Heard | None:
    line = answers.readline()
    if not line:
        return None
    headers = {}
    while (header := answers.readline()) not in {b"\r\n", b""}:
        name, _, value = header.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    body = answers.read(int(headers.get("content-length", 0)))
    is_json = "json" in headers.get("content-type", "")
    closed = headers.get("connection", "").lower() == "close"
    return Heard(int(line.split()[1]), json.loads(body) if is_json else body, closed)


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """A request with a Content-Length, unless the headers say otherwise; `_` stands for `-`."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    if body and not {"Content-Length", "Transfer-Encoding"} & set(given):
        given["Content-Length"] = str(len(body))
    lines = [f"{method} {path} HTTP/1.1", "Host: huixin", *(f"{n}: {v}" for n, v in given.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body
