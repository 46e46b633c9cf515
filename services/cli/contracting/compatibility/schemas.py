"""How one JSON Schema differs from another: in each place, what is refused or said that was not.

A difference that is *narrower* refuses what the old schema let pass; one that is *wider* lets pass
what the old one refused. An optional field more is neither: readers ignore what they do not know.
"""

import operator
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
OPEN = "x-open"
LOWER_BOUNDS = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
UPPER_BOUNDS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
EXACT = ("const", "format", "pattern", "default", "multipleOf", "uniqueItems", "contentEncoding")
ALTERNATIVES = ("anyOf", "oneOf")
NULL = "null"


@dataclass(frozen=True, slots=True)
class Difference:
    """`field` is a path such as `data.chain[].tier`, `rule` a code, `said` what happened."""

    field: str
    rule: str
    said: str
    narrower: bool = False
    wider: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document, in which references are looked up."""

    root: Schema

    def resolve(self, schema: Schema) -> Schema:
        """The schema itself, its reference followed."""
        while "$ref" in schema:
            found: Any = self.root
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            beside = {name: value for name, value in schema.items() if name != "$ref"}
            schema = {**found, **beside}
        return schema


class Comparison:
    """Of two documents; `differences` may be asked for any pair of their schemas."""

    def __init__(self, old: Document, new: Document) -> None:
        self._old, self._new = old, new
        self._open: set[tuple[str, str]] = set()

    def differences(self, old: Schema, new: Schema, field: str = "") -> Iterator[Difference]:
        """Each place once, however deep."""
        pair = (str(old.get("$ref")), str(new.get("$ref")))
        if "$ref" in old and pair in self._open:
            return
        self._open.add(pair)
        yield from self._compare(self._old.resolve(old), self._new.resolve(new), field)
        self._open.discard(pair)

    def _compare(self, old: Schema, new: Schema, field: str) -> Iterator[Difference]:
        yield from _null(*self._nullable(old, new), field)
        old, new = self._without_null(self._old, old), self._without_null(self._new, new)
        for compare in (_types, _choices, _exact, _bounds, _presence):
            yield from compare(old, new, field)
        yield from self._fields(old, new, field)
        yield from self._items(old, new, field)
        yield from self._alternatives(old, new, field)

    def _fields(self, old: Schema, new: Schema, field: str) -> Iterator[Difference]:
        there: Schema = new.get("properties", {})
        for name, schema in old.get("properties", {}).items():
            place = f"{field}.{name}".lstrip(".")
            if name not in there:
                yield Difference(place, "field-removed", "is gone", narrower=True, wider=True)
            else:
                yield from self.differences(schema, there[name], place)

    def _items(self, old: Schema, new: Schema, field: str) -> Iterator[Difference]:
        for keyword, place in (("items", "[]"), ("additionalProperties", ".*")):
            ours, theirs = old.get(keyword), new.get(keyword)
            if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
                yield from self.differences(ours, theirs, f"{field}{place}")
            elif isinstance(theirs, Mapping) and theirs:
                said = "its content is described now"
                yield Difference(f"{field}{place}", "content-described", said, narrower=True)
            elif isinstance(ours, Mapping) and ours:
                said = "its content is described no more"
                yield Difference(f"{field}{place}", "content-undescribed", said, wider=True)

    def _alternatives(self, old: Schema, new: Schema, field: str) -> Iterator[Difference]:
        for keyword in (*ALTERNATIVES, "allOf"):
            ours, theirs = old.get(keyword, ()), new.get(keyword, ())
            if len(ours) != len(theirs):
                said = f"{len(ours)} alternatives before, {len(theirs)} now"
                yield Difference(field, "alternatives-changed", said, narrower=True, wider=True)
                continue
            for one, other in zip(ours, theirs, strict=True):
                yield from self.differences(one, other, field)

    def _nullable(self, old: Schema, new: Schema) -> tuple[bool, bool]:
        return self._takes_null(self._old, old), self._takes_null(self._new, new)

    def _takes_null(self, document: Document, schema: Schema) -> bool:
        if NULL in _listed(schema.get("type")):
            return True
        return any(
            NULL in _listed(document.resolve(each).get("type"))
            for keyword in ALTERNATIVES
            for each in schema.get(keyword, ())
        )

    def _without_null(self, document: Document, schema: Schema) -> Schema:
        """The schema for all other values; a single alternative that is left stands for itself."""
        rest = dict(schema)
        if "type" in rest:
            rest["type"] = [each for each in _listed(rest["type"]) if each != NULL]
        for keyword in ALTERNATIVES:
            if keyword not in rest:
                continue
            others = [document.resolve(each) for each in rest.pop(keyword)]
            others = [each for each in others if _listed(each.get("type")) != [NULL]]
            rest = {**others[0], **rest} if len(others) == 1 else {**rest, keyword: others}
        if "enum" in rest:
            rest["enum"] = [each for each in rest["enum"] if each is not None]
        return rest


def _null(before: bool, now: bool, field: str) -> Iterator[Difference]:
    if now and not before:
        yield Difference(field, "null-allowed", "may be null now", wider=True)
    if before and not now:
        yield Difference(field, "null-refused", "may be null no more", narrower=True)


def _types(old: Schema, new: Schema, field: str) -> Iterator[Difference]:
    before, now = _kinds(old), _kinds(new)
    if before != now:
        said = f"was {_words(before)}, is {_words(now)}"
        narrower, wider = bool(now and before - now) or not before, bool(now - before) or not now
        yield Difference(field, "type-changed", said, narrower=narrower, wider=wider)


def _kinds(schema: Schema) -> set[str]:
    """None for anything; a number may be a whole one."""
    found = set(_listed(schema.get("type")))
    return found | {"integer"} if "number" in found else found


def _choices(old: Schema, new: Schema, field: str) -> Iterator[Difference]:
    """More values break a strict reader, unless the list was declared to be open."""
    before, now = old.get("enum"), new.get("enum")
    if before is None and now is not None:
        yield Difference(field, "choices-limited", f"takes only {_words(now)}", narrower=True)
    elif now is None and before is not None:
        yield Difference(field, "choices-opened", "takes anything now", wider=True)
    elif before is not None and now is not None:
        for value in [each for each in before if each not in now]:
            yield Difference(field, "choice-removed", f"takes {value!r} no more", narrower=True)
        if not old.get(OPEN):
            for value in [each for each in now if each not in before]:
                yield Difference(field, "choice-added", f"may be {value!r} now", wider=True)


def _exact(old: Schema, new: Schema, field: str) -> Iterator[Difference]:
    for keyword in EXACT:
        before, now = old.get(keyword, ...), new.get(keyword, ...)
        loosened, tightened = now is ..., before is ...
        if before == now or (keyword == "default" and (loosened or tightened)):
            continue
        said = f"{keyword} was {_value(before)}, is {_value(now)}"
        rule = f"{keyword}-changed"
        yield Difference(field, rule, said, narrower=not loosened, wider=not tightened)


def _bounds(old: Schema, new: Schema, field: str) -> Iterator[Difference]:
    for keywords, stricter in ((LOWER_BOUNDS, operator.gt), (UPPER_BOUNDS, operator.lt)):
        for keyword in keywords:
            before, now = old.get(keyword), new.get(keyword)
            if before == now:
                continue
            said = f"{keyword} was {_value(before)}, is {_value(now)}"
            narrower = before is None or (now is not None and stricter(now, before))
            yield Difference(field, "limit-changed", said, narrower=narrower, wider=not narrower)


def _presence(old: Schema, new: Schema, field: str) -> Iterator[Difference]:
    before, now = set(old.get("required", ())), set(new.get("required", ()))
    known = old.get("properties", {})
    for name in sorted(now - before):
        rule = "field-required" if name in known else "required-field-added"
        place = f"{field}.{name}".lstrip(".")
        yield Difference(place, rule, "must be there now", narrower=True)
    for name in sorted(before - now):
        if name in new.get("properties", {}):
            place = f"{field}.{name}".lstrip(".")
            yield Difference(place, "field-optional", "may be left out now", wider=True)


def _listed(value: Any) -> list[Any]:
    return [] if value is None else list(value) if isinstance(value, list | tuple) else [value]


def _words(values: Any) -> str:
    return " or ".join(sorted(map(str, values))) or "anything"


def _value(value: Any) -> str:
    return "absent" if value in (..., None) else repr(value)
