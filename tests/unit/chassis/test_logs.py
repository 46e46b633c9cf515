"""Log lines say where and what kind, never what somebody said or is called."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from services.chassis.logs import configure_logging, get_logger
from tests.support.plainlogs import log_plainly

NAME, PHONE = "张三", "13800138000"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    configure_logging("info", stream)
    yield stream
    log_plainly()
    logging.basicConfig(force=True)


def fail() -> None:
    whom = NAME
    raise ValueError(f"{whom} {PHONE}")


def test_an_exception_leaves_its_type_and_place_and_no_text_or_variable(
    lines: io.StringIO,
) -> None:
    try:
        fail()
    except ValueError:
        get_logger().error("worker-failed", exc_info=True)

    text = lines.getvalue()
    assert "ValueError" in text and "fail" in text
    assert NAME not in text and PHONE not in text


def test_what_a_library_logs_loses_its_arguments(lines: io.StringIO) -> None:
    library = logging.getLogger("some.library")
    library.warning("could not send to %s", PHONE)
    try:
        fail()
    except ValueError:
        library.exception(f"while serving {NAME}")

    text = lines.getvalue()
    assert NAME not in text and PHONE not in text
    first, second = (json.loads(line) for line in text.splitlines())
    assert first["template"] == "could not send to %s"
    assert second["error"] == "ValueError"
