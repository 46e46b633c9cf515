"""Schemas of custom resources, as strict as a person reads: no field that is unknown to them."""

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[3] / "shared" / "crds"
OWN = ("x-kubernetes-preserve-unknown-fields", "additionalProperties")


def schema_of(document: dict[str, Any]) -> dict[str, Any]:
    """The schema of a document's kind; skips, with the reason, where the folder is missing."""
    if not FOLDER.is_dir():
        pytest.skip(f"no schemas of custom resources in {FOLDER}: only built-in kinds are checked")
    group, _, version = document["apiVersion"].partition("/")
    path = FOLDER / f"{document['kind']}.{group}.{version}.json"
    assert path.exists(), f"no schema for {document['kind']}: {path}"
    schema: dict[str, Any] = strict(json.loads(path.read_text()))
    schema["properties"]["metadata"] = {"type": "object"}
    return schema


def strict(schema: Any) -> Any:
    """The API server drops a field it does not know in silence; here it is a mistake."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: strict(each) for name, each in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        closed["properties"] = {n: strict(each) for n, each in schema["properties"].items()}
        if not any(schema.get(each) for each in OWN):
            closed["additionalProperties"] = False
    return closed
