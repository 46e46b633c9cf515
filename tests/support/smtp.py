"""A real mail server for tests, in a process of its own: see services/cli/mailbox.py."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.cli.mailbox import Mailbox, Rule, StoredMail, start_mailbox

__all__ = ["Mailbox", "Rule", "StoredMail", "mail_server"]


@contextmanager
def mail_server(folder: Path | None = None) -> Iterator[Mailbox]:
    """A running server that stores what it accepts; gone when the block ends."""
    mailbox = start_mailbox(folder)
    try:
        yield mailbox
    finally:
        mailbox.stop()
