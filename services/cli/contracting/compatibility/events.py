"""Events: who was written against the last release reads the next one's, and the other way round.

An old reader meets new messages while versions run side by side; a new reader meets old ones, which
wait in queues and are replayed. So nothing may get wider and nothing narrower.
"""

from collections.abc import Iterator, Mapping

from services.cli.contracting.compatibility.broken import Broken
from services.cli.contracting.compatibility.schemas import (
    Comparison,
    Difference,
    Document,
    Schema,
)

ATTRIBUTE_RULES = {"dataclass": "data-class-changed"}
MEETS_NEW = "a reader of the last release meets it in new messages"
MEETS_OLD = "a new reader meets messages of the last release"


def broken_events(old: Mapping[str, Schema], new: Mapping[str, Schema]) -> Iterator[Broken]:
    """JSON Schemas of messages, by type."""
    for kind, schema in old.items():
        if kind in new:
            yield from _broken(kind, schema, new[kind])
        elif not schema.get("deprecated"):
            yield _removed(kind)


def _broken(kind: str, old: Schema, new: Schema) -> Iterator[Broken]:
    for found in Comparison(Document(old), Document(new)).differences(old, new):
        if found.wider or found.narrower:
            rule = ATTRIBUTE_RULES.get(found.field, found.rule)
            yield Broken(kind, found.field, rule, f"{found.said} ({_who(found)})", _remedy(kind))


def _who(found: Difference) -> str:
    who = (MEETS_NEW, found.wider), (MEETS_OLD, found.narrower)
    return "; ".join(text for text, concerned in who if concerned)


def _removed(kind: str) -> Broken:
    return Broken(
        kind,
        "",
        "event-removed",
        "the last release promised it",
        f"Send it on, say replaced_by = {successor_of(kind)!r} in it, release that, and remove it"
        " when no queue binds it.",
    )


def _remedy(kind: str) -> str:
    return (
        f"Leave {kind} as it was and send {successor_of(kind)} beside it, until no queue binds the"
        " old one; an optional field may be added."
    )


def successor_of(kind: str) -> str:
    """The next version of a type."""
    name, _, version = kind.rpartition(".v")
    return f"{name}.v{int(version) + 1}"
