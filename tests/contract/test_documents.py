"""The generated documents are valid by their own standards, and say who reads what."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator.schemas import openapi_v31_schema_validator

from services.apphost import KEEPERS
from services.cli.contracting.documents import FOLDER
from services.contracts.catalogue import EVENTS
from services.contracts.subscriptions import SUBSCRIPTIONS
from services.portal.assets.npm import npm_command

HERE = Path(__file__).parent


def read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text())


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The schema of AsyncAPI 3.0 as its authors publish it, by the lock file beside this test."""
    folder = tmp_path_factory.mktemp("asyncapi")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / "asyncapi" / name, folder / name)
    command = [*npm_command(folder), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
    path = folder / "node_modules/@asyncapi/specs/schemas/3.0.0.json"
    return json.loads(path.read_text())


def test_the_asyncapi_document_is_valid_by_the_official_schema(official: Any) -> None:
    checker = jsonschema.Draft7Validator(official)
    document = read("asyncapi.json")

    assert [error.message[:300] for error in checker.iter_errors(document)] == []

    document["channels"]["booking.offer-made.v1"]["bindings"]["amqp"]["is"] = "street"
    assert not checker.is_valid(document)


@pytest.mark.parametrize("name", ["asyncapi.json", *(f"openapi/{each}.json" for each in KEEPERS)])
def test_every_reference_of_a_document_leads_somewhere(name: str) -> None:
    document = read(name)
    references = list(references_in(document))

    assert references
    for reference in references:
        if reference.startswith("#/"):
            assert followed(document, reference), reference
        else:
            assert (FOLDER / reference).exists(), reference


def references_in(node: Any) -> Iterator[str]:
    if isinstance(node, dict) and isinstance(node.get("$ref"), str):
        yield node["$ref"]
    for each in node.values() if isinstance(node, dict) else node:
        if isinstance(each, dict | list):
            yield from references_in(each)


def followed(document: Any, reference: str) -> Any:
    for part in reference.removeprefix("#/").split("/"):
        document = document[part.replace("~1", "/")]
    return document


def test_every_queue_is_a_channel_with_its_types_and_its_reader() -> None:
    document = read("asyncapi.json")

    for each in SUBSCRIPTIONS:
        assert document["channels"][each.queue]["bindings"]["amqp"]["queue"]["name"] == each.queue
        assert set(document["channels"][each.queue]["messages"]) == set(each.types)
        assert document["operations"][f"receive.{each.queue}"]["action"] == "receive"


@cache
def header_checker(kind: str) -> Any:
    schema = read("asyncapi.json")["components"]["messages"][kind]["headers"]
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("kind", sorted(EVENTS))
def test_the_example_of_a_message_has_the_headers_that_are_asked_for(kind: str) -> None:
    message = read("asyncapi.json")["components"]["messages"][kind]
    (example,) = message["examples"]

    header_checker(kind).validate(example["headers"])
    assert example["headers"]["cloudEvents_type"] == example["payload"]["type"] == kind


@pytest.mark.parametrize("service", KEEPERS)
def test_the_openapi_document_of_a_service_is_valid(service: str) -> None:
    document = read(f"openapi/{service}.json")

    assert document["openapi"] == "3.1.0"
    assert [error.message for error in openapi_v31_schema_validator.iter_errors(document)] == []
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    assert document["paths"]
    assert not any(path.startswith("/internal") for path in document["paths"])


class Page(HTMLParser):
    """What a page shows and asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.assets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        if tag == "a":
            self.links.append(found["href"] or "")
        self.assets += [found[name] or "" for name in ("src", "data") if name in found]
        self.assets += [found["href"] or ""] if tag == "link" else []


def test_the_catalogue_shows_every_event_needs_nothing_else_and_its_links_lead_somewhere() -> None:
    page = Page()
    page.feed((FOLDER / "catalogue.html").read_text())

    assert set(EVENTS) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert page.assets == []
    for link in page.links:
        assert link[1:] in page.ids if link.startswith("#") else (FOLDER / link).exists(), link
