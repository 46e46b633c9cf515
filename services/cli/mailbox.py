"""A mail server for development and tests: it stores each mail as a file and sends none on.

Run as a process of its own, `python -m services.cli.mailbox --folder F --port N`; `start_mailbox`
does that and gives the address. A file `rule` in the folder tells it to misbehave (`Mailbox.rule`).
"""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from enum import StrEnum
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

START_SECONDS = 20.0


class Rule(StrEnum):
    """How the server answers a recipient; `slow` holds the mail until the rule changes."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    GREYLIST = "greylist"
    REFUSE_CONTENT = "refuse-content"
    SLOW = "slow"


class MailboxHandler:
    """aiosmtpd's hooks: the rule decides, the folder remembers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        """Take the recipient, or refuse it as the rule says."""
        rule = self._rule([address])
        if rule is Rule.REFUSE:
            return "550 5.1.1 no such mailbox"
        if rule is Rule.GREYLIST:
            return "451 4.7.1 greylisted, come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Store the mail; it is complete in the folder before it is accepted."""
        rule = self._rule(envelope.rcpt_tos)
        if rule is Rule.REFUSE_CONTENT:
            return "554 5.7.1 not wanted"
        while self._rule(envelope.rcpt_tos) is Rule.SLOW:
            await asyncio.sleep(0.1)
        self._store(envelope.original_content or b"")
        return "250 OK"

    def _store(self, content: bytes) -> None:
        self._count += 1
        name = f"{time.time_ns()}-{os.getpid()}-{self._count}.eml"
        unfinished = self._folder / f".{name}"
        unfinished.write_bytes(content)
        unfinished.rename(self._folder / name)

    def _rule(self, recipients: Sequence[str]) -> Rule:
        try:
            name, _, only = (self._folder / "rule").read_text().partition(" ")
            meant = any(only.strip() in each for each in recipients)
            return Rule(name.strip()) if meant else Rule.ACCEPT
        except (OSError, ValueError):
            return Rule.ACCEPT


@dataclass(frozen=True, slots=True)
class StoredMail:
    """One mail that arrived."""

    path: Path
    message: EmailMessage

    @property
    def message_id(self) -> str:
        """The id the sender gave it."""
        return str(self.message["Message-ID"])

    @property
    def text(self) -> str:
        """Its words."""
        return str(self.message.get_content())


@dataclass(slots=True)
class Mailbox:
    """A running server, or a folder one has filled."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """For NOTIFICATION_SMTP_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    def mails(self, to: str | None = None) -> list[StoredMail]:
        """What arrived, oldest first; only for one address where it is given."""
        found = [StoredMail(path, _parse(path)) for path in sorted(self.folder.glob("[0-9]*.eml"))]
        return [mail for mail in found if to is None or to in str(mail.message["To"])]

    def count(self) -> int:
        """How many mails arrived, without reading them."""
        return sum(1 for _ in self.folder.glob("[0-9]*.eml"))

    def rule(self, rule: Rule, only: str = "") -> None:
        """From now on it behaves so, towards all recipients or those that contain `only`."""
        unfinished = self.folder / ".rule"
        unfinished.write_text(f"{rule.value} {only}")
        unfinished.rename(self.folder / "rule")

    def stop(self) -> None:
        """End the process, if this mailbox started one."""
        if self.process is None:
            return
        self.process.terminate()
        self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process = None


def start_mailbox(folder: Path | None = None, port: int = 0) -> Mailbox:
    """Start the server as a process of its own, which ends with this one; port 0: any free one."""
    folder = folder or Path(tempfile.mkdtemp(prefix="huixin-mail-"))
    folder.mkdir(parents=True, exist_ok=True)
    answer = folder / f".port-{os.getpid()}-{time.time_ns()}"
    command = [sys.executable, "-m", "services.cli.mailbox", "--folder", str(folder)]
    command += ["--port", str(port), "--port-file", str(answer), "--until-stdin-ends"]
    root = Path(__file__).parent.parent.parent
    # Ctrl-C is for the command, which may still have mails to send before it ends.
    process = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=root, start_new_session=True)
    return Mailbox(folder, _wait_for_port(process, answer), process)


def _wait_for_port(process: "subprocess.Popen[bytes]", answer: Path) -> int:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if answer.exists() and (text := answer.read_text()).endswith("\n"):
            answer.unlink()
            return int(text)
        time.sleep(0.02)
    process.kill()
    process.wait()
    raise RuntimeError("the mailbox did not start")


def _parse(path: Path) -> EmailMessage:
    message = message_from_bytes(path.read_bytes(), policy=default)
    if not isinstance(message, EmailMessage):
        raise TypeError(path)
    return message


async def _serve(folder: Path, host: str, port: int, port_file: Path | None) -> None:
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    handler = MailboxHandler(folder)
    server = await loop.create_server(
        lambda: SMTP(handler, enable_SMTPUTF8=True, hostname="mailbox.local"), host, port
    )
    if port_file is not None:
        port_file.write_text(f"{server.sockets[0].getsockname()[1]}\n")
    await over.wait()
    server.close()


def _end_with_parent() -> None:
    """Our standard input closes when whoever started us is gone, however they went."""
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Serve until told to stop; prints nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=1025)
    parser.add_argument("--port-file", type=Path)
    parser.add_argument("--until-stdin-ends", action="store_true")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.until_stdin_ends:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    asyncio.run(_serve(options.folder, options.host, options.port, options.port_file))


if __name__ == "__main__":
    main()
