"""Known vulnerabilities from OSV records (https://ossf.github.io/osv-schema) in a local folder."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from services.cli.dependencies.lock import Pin, normal
from services.cli.errors import CommandFailed


def known_vulnerabilities(pins: Sequence[Pin], folder: Path) -> list[str]:
    """A line for each pin that a record names; raises CommandFailed without records."""
    records = sorted(folder.rglob("*.json")) if folder.is_dir() else []
    if not records:
        raise CommandFailed(f"{folder} holds no OSV records (*.json).")
    versions = {pin.name: pin.version for pin in pins if pin.version}
    return [fault for path in records for fault in _faults(path, versions)]


def _faults(path: Path, versions: Mapping[str, str]) -> Iterator[str]:
    try:
        record = json.loads(path.read_text())
    except (OSError, ValueError):
        raise CommandFailed(f"{path} is no OSV record.") from None
    if record.get("withdrawn"):
        return
    for affected in record.get("affected", ()):
        package = affected.get("package", {})
        name = normal(package.get("name", ""))
        version = versions.get(name)
        if package.get("ecosystem") == "PyPI" and version and _hits(version, affected):
            summary = record.get("summary") or "no summary"
            yield f"{name} {version}: {record.get('id')}: {summary}"


def _hits(version: str, affected: Mapping[str, Any]) -> bool:
    if version in affected.get("versions", ()):
        return True
    ranges = [each for each in affected.get("ranges", ()) if each.get("type") == "ECOSYSTEM"]
    return any(_within(version, each.get("events", ())) for each in ranges)


def _within(version: str, events: Sequence[Mapping[str, str]]) -> bool:
    from packaging.version import InvalidVersion, Version

    hit = False
    try:
        ours = Version(version)
        for event in events:
            if "introduced" in event:
                first = event["introduced"]
                hit = hit or first == "0" or ours >= Version(first)
            elif "fixed" in event:
                hit = hit and ours < Version(event["fixed"])
            elif "last_affected" in event:
                hit = hit and ours <= Version(event["last_affected"])
    except InvalidVersion:
        return True  # better looked at once too often
    return hit
