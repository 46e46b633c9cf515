"""Every generated document, written where a reader of the repository finds it."""

import json
from pathlib import Path
from typing import Any

from services.cli.contracting.catalogue import catalogue
from services.cli.contracting.released import CONTRACTS, last_release
from services.cli.contracting.routes import openapi_documents
from services.cli.contracting.samples import samples
from services.contracts.asyncapi import asyncapi
from services.contracts.catalogue import EVENTS
from services.contracts.schemas import schema_of

FOLDER = CONTRACTS / "generated"
FIRST = "1.0.0"


def documents() -> dict[str, str]:
    """Every generated file by its name, as text."""
    schemas = {f"schemas/{kind}.json": schema_of(event) for kind, event in EVENTS.items()}
    routes = {f"openapi/{name}.json": each for name, each in openapi_documents().items()}
    release = last_release()
    events = asyncapi(release.version if release else FIRST, samples())
    files = {**schemas, **routes, "asyncapi.json": events}
    return {
        **{name: as_text(document) for name, document in files.items()},
        "catalogue.html": catalogue(),
    }


def as_text(document: Any) -> str:
    """The same text for the same document."""
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def write(folder: Path = FOLDER) -> list[str]:
    """Write the documents, remove those of events that are gone; returns what changed."""
    wanted = documents()
    changed = stale(folder, wanted)
    for name in changed:
        path = folder / name
        if name in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[name])
        else:
            path.unlink()
    return changed


def stale(folder: Path = FOLDER, wanted: dict[str, str] | None = None) -> list[str]:
    """The files that differ from what the code says now, are missing, or are left over."""
    wanted = documents() if wanted is None else wanted
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    differing = [name for name, text in wanted.items() if not _same(folder / name, text)]
    return sorted({*differing, *(there - wanted.keys())})


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text() == text
