"""Logs of services that run within the tests: a line each, without a picture of every
variable in a traceback, which takes seconds to draw while nothing else in the process goes on.
"""

import structlog


def log_plainly() -> None:
    """For whatever logs in this process, until somebody configures it otherwise."""
    structlog.reset_defaults()
    plain = structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False),
            plain,
        ]
    )
