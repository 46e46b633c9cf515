"""A real mail server for tests, in a process of its own: see services/cli/mailbox.py."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from services.cli.mailbox import Mailbox, Rule, StoredMail, start_mailbox

__all__ = ["Mailbox", "Rule", "StoredMail", "mail_server"]


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A running server that stores what it accepts; gone, with its mails, when the block ends."""
    with TemporaryDirectory(prefix="huixin-mail-") as folder:
        mailbox = start_mailbox(Path(folder))
        try:
            yield mailbox
        finally:
            mailbox.stop()
