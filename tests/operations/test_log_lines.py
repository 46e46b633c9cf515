"""What services write to their logs is what the schema in deploy/logs says, and nothing else."""

import ast
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from services.chassis.logs import configure_logging, get_logger
from tests.support.plainlogs import log_plainly

ROOT = Path(__file__).parent.parent.parent
SCHEMA = json.loads((ROOT / "deploy/logs/log.schema.json").read_text())
LEVELS = {"debug", "info", "warning", "error", "critical"}


def faults(line: str) -> list[str]:
    """What is wrong with a line, by the schema."""
    found = Draft202012Validator(SCHEMA).iter_errors(json.loads(line))
    return [f"{'.'.join(map(str, each.path))}: {each.message}" for each in found]


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every `log.info(…)` of the services."""
    for path in sorted((ROOT / "services").rglob("*.py")):
        if "cli" in path.relative_to(ROOT / "services").parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="log"), attr=level)):
                    if level in LEVELS:
                        yield str(path.relative_to(ROOT)), node


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    configure_logging("info", stream)
    yield stream
    log_plainly()
    logging.basicConfig(force=True)


def test_no_call_logs_a_field_that_the_schema_does_not_know() -> None:
    known = set(SCHEMA["properties"]) | {"exc_info"}

    named = {(where, k.arg) for where, call in calls() for k in call.keywords}

    assert len(named) > 40
    assert [each for each in named if each[1] not in known] == []


def test_every_event_is_a_fixed_word() -> None:
    for where, call in calls():
        words: Any = getattr(call.args[0], "value", None)
        line = json.dumps({"event": words, "level": "info", "timestamp": "2025-06-02T01:00:00Z"})
        assert faults(line) == [], where


def test_an_error_and_a_library_obey_it_too(lines: io.StringIO) -> None:
    log = get_logger(service="booking", correlation_id="c-1")
    try:
        raise ValueError("张三 13800138000")
    except ValueError:
        log.error("worker-failed", entrypoint="book", error="ValueError", exc_info=True)
    logging.getLogger("some.library").warning("could not send to %s", "13800138000")

    written = lines.getvalue().splitlines()

    assert len(written) == 2
    assert [faults(line) for line in written] == [[], []]


@pytest.mark.parametrize(
    "wrong",
    [
        {"person": "5d0c"},
        {"error": "duplicate key (phone)=(13800138000)"},
        {"case": "wh/hc"},
        {"exception": [{"exc_type": "ValueError", "exc_value": "张三"}]},
        {"timestamp": "yesterday"},
    ],
)
def test_the_schema_refuses_what_a_line_must_not_hold(wrong: dict[str, Any]) -> None:
    right = {"event": "refused", "level": "info", "timestamp": "2025-06-02T01:00:00Z"}

    assert faults(json.dumps(right)) == []
    assert faults(json.dumps({**right, **wrong}))
