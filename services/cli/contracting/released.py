"""The contracts of each release: what others may rely on, kept beside the present ones."""

import json
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from services.apphost import KEEPERS
from services.chassis.migrations import newest_revisions
from services.cli.errors import CommandFailed
from services.cli.steps import ROOT

CONTRACTS = ROOT / "services/contracts"
RELEASED = CONTRACTS / "released"
KINDS = ("schemas", "openapi")
MIGRATIONS = "migrations.json"

Documents = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Release:
    """A folder of documents."""

    folder: Path

    @property
    def version(self) -> str:
        """As three numbers."""
        return self.folder.name

    @cached_property
    def events(self) -> Documents:
        """Each event's JSON Schema, by type."""
        return read_documents(self.folder / "schemas")

    @cached_property
    def routes(self) -> Documents:
        """Each service's OpenAPI document, by name."""
        return read_documents(self.folder / "openapi")

    @cached_property
    def migrations(self) -> dict[str, str]:
        """The newest migration of each service."""
        found: dict[str, str] = json.loads((self.folder / MIGRATIONS).read_text())
        return found


def releases(folder: Path = RELEASED) -> list[Release]:
    """From the first to the last."""
    found = [Release(each) for each in folder.iterdir()] if folder.exists() else []
    return sorted(found, key=lambda each: numbers_of(each.version))


def last_release(folder: Path = RELEASED) -> Release | None:
    """What must still hold; None before the first release."""
    return next(reversed(releases(folder)), None)


def release(version: str, documents: Path, folder: Path = RELEASED) -> Release:
    """Keep the documents as they are now; a release is never written again."""
    before = last_release(folder)
    if before is not None and numbers_of(version) <= numbers_of(before.version):
        raise CommandFailed(f"{before.version} is released: the next version is a higher one.")
    made = Release(folder / version)
    for kind in KINDS:
        shutil.copytree(documents / kind, made.folder / kind)
    heads = newest_revisions(KEEPERS)
    (made.folder / MIGRATIONS).write_text(json.dumps(heads, indent=2, sort_keys=True) + "\n")
    return made


def read_documents(folder: Path) -> Documents:
    """By name without its ending."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}


def numbers_of(version: str) -> tuple[int, ...]:
    """1.10.0 comes after 1.9.0; raises CommandFailed for what is no version."""
    parts = version.split(".")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        raise CommandFailed(f"{version} is no version: three numbers, such as 1.4.0.")
    return tuple(int(part) for part in parts)
