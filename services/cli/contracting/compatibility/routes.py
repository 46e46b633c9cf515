"""HTTP: a client that was written against the last release still gets what it was promised.

What it sends must not be narrowed, what it gets must not be widened.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from services.cli.contracting.compatibility.broken import Broken
from services.cli.contracting.compatibility.schemas import Comparison, Difference, Document, Schema

REMEDY = "Leave it as it was; offer the new form beside it (another field, another path, or v2)."


def broken_routes(old: Mapping[str, Schema], new: Mapping[str, Schema]) -> Iterator[Broken]:
    """OpenAPI documents, by service."""
    for service, document in old.items():
        if service not in new:
            yield Broken(service, "", "service-removed", "has no document any more", REMEDY)
            continue
        yield from _Routes(document, new[service]).broken()


class _Routes:
    """Of one service, before and now."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self._old, self._new = old, new
        self._documents = Document(old), Document(new)

    def broken(self) -> Iterator[Broken]:
        """Each route of the old document."""
        for path, methods in self._old["paths"].items():
            there = self._new["paths"].get(path)
            for method, route in methods.items():
                name = f"{method.upper()} {path}"
                if there is None:
                    yield Broken(name, "", "path-removed", "leads nowhere", REMEDY)
                elif method not in there:
                    yield Broken(name, "", "method-removed", "is not taken any more", REMEDY)
                else:
                    yield from self._route(name, route, there[method])

    def _route(self, name: str, old: Schema, new: Schema) -> Iterator[Broken]:
        if new.get("security") and not old.get("security"):
            yield Broken(name, "", "sign-in-required", "was open to everybody", REMEDY)
        yield from self._parameters(name, old, new)
        yield from self._request(name, old, new)
        yield from self._answers(name, old, new)

    def _parameters(self, name: str, old: Schema, new: Schema) -> Iterator[Broken]:
        before, now = _parameters(old), _parameters(new)
        for key, parameter in before.items():
            field = f"{key[0]} {key[1]}"
            if key not in now:
                yield Broken(name, field, "parameter-removed", "is not known any more", REMEDY)
                continue
            yield from self._narrowed(name, field, parameter, now[key])
        for key, parameter in now.items():
            if parameter.get("required") and not before.get(key, {}).get("required"):
                field = f"{key[0]} {key[1]}"
                yield Broken(name, field, "parameter-required", "must be given now", REMEDY)

    def _narrowed(self, name: str, field: str, old: Schema, new: Schema) -> Iterator[Broken]:
        for found in self._differences(old, new, field):
            if found.narrower:
                yield Broken(name, found.field, found.rule, found.said, REMEDY)

    def _request(self, name: str, old: Schema, new: Schema) -> Iterator[Broken]:
        before, now = _content(old.get("requestBody", {})), _content(new.get("requestBody", {}))
        required = new.get("requestBody", {}).get("required")
        if required and not old.get("requestBody", {}).get("required"):
            yield Broken(name, "request", "body-required", "must have a body now", REMEDY)
        for kind, media in before.items():
            if kind not in now:
                yield Broken(name, "request", "content-refused", f"takes no {kind} now", REMEDY)
                continue
            yield from self._narrowed(name, "request", media, now[kind])

    def _answers(self, name: str, old: Schema, new: Schema) -> Iterator[Broken]:
        for status, answer in old["responses"].items():
            if not status.startswith("2"):
                continue
            field = f"answer {status}"
            if status not in new["responses"]:
                yield Broken(name, field, "answer-removed", "is not given any more", REMEDY)
                continue
            yield from self._answer(name, field, answer, new["responses"][status])

    def _answer(self, name: str, field: str, old: Schema, new: Schema) -> Iterator[Broken]:
        now = _content(new)
        for kind, media in _content(old).items():
            if kind not in now:
                yield Broken(name, field, "content-removed", f"is no {kind} any more", REMEDY)
                continue
            for found in self._differences(media, now[kind], field):
                if found.wider:
                    yield Broken(name, found.field, found.rule, found.said, REMEDY)

    def _differences(self, old: Schema, new: Schema, field: str) -> Iterator[Difference]:
        comparison = Comparison(*self._documents)
        yield from comparison.differences(old.get("schema", {}), new.get("schema", {}), field)


def _parameters(route: Schema) -> dict[tuple[str, str], Any]:
    return {(each["in"], each["name"]): each for each in route.get("parameters", ())}


def _content(part: Schema) -> Mapping[str, Any]:
    found: Mapping[str, Any] = part.get("content", {})
    return found
