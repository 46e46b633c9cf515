"""JSON log lines with correlation ids: ids and codes only, never a person's name or words."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, TextIO, cast

import structlog
from structlog.typing import FilteringBoundLogger


def configure_logging(level: str = "info", stream: TextIO | None = None) -> None:
    """Send one JSON object per line to `stream` (standard error by default)."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.dict_tracebacks,
            _without_exception_text,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(LibraryFormatter())
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler], force=True)
    logging.getLogger("nameko").setLevel(logging.CRITICAL)


class LibraryFormatter(logging.Formatter):
    """What a library logs, without what it put into its text: that may be about a person."""

    def format(self, record: logging.LogRecord) -> str:
        """One JSON object."""
        document = {
            "event": "library",
            "logger": record.name,
            "level": record.levelname.lower(),
            "template": str(record.msg)[:120] if record.args else "",
            "error": record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "",
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
        }
        return json.dumps(document)


def get_logger(**bound: Any) -> FilteringBoundLogger:
    """A logger; call it as `log.info("offer-made", offer=str(id))`."""
    return cast("FilteringBoundLogger", structlog.get_logger(**bound))


def _without_exception_text(
    _logger: Any, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Keep where an error arose and its type; its text and variables may hold personal data."""
    for error in event.get("exception", ()) if isinstance(event.get("exception"), list) else ():
        error["exc_value"] = ""
        error.pop("exc_notes", None)
        for frame in error.get("frames", ()):
            frame.pop("locals", None)
    return event
