"""One of the processes of a service, with links of its own to the broker and the database."""

import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit, urlunsplit

from services.cli.local.ports import free_port
from services.cli.local.processes import ServiceProcess
from tests.faults.harness.clock import write_clock
from tests.faults.harness.links import Links


class Replica(ServiceProcess):
    """`booking-2`: the second process of booking; its ports and its clock are its own."""

    program: ClassVar[tuple[str, ...]] = ("tests.faults.harness.clock",)

    def __init__(
        self, service: str, number: int, settings: Mapping[str, str], folder: Path, links: Links
    ) -> None:
        self.title = f"{service}-{number}"
        self.clock = folder / f"{self.title}.clock"
        write_clock(self.clock, 0)
        own = {
            f"{service.upper()}_PORT": str(free_port()),
            "FAULTS_CLOCK": str(self.clock),
        }
        for what in ("DATABASE", "AMQP"):
            variable = f"{service.upper()}_{what}_URL"
            if variable in settings:
                own[variable] = through(settings[variable], links, f"{self.title}>{what.lower()}")
        super().__init__(service, {**settings, **own}, folder / "logs" / str(number))

    def move_clock(self, seconds: float) -> None:
        """So far ahead of the machine from now on."""
        write_clock(self.clock, seconds)

    def pause(self) -> None:
        """It stands still, as a virtual machine does that is being moved."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """It goes on."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGCONT)


def through(url: str, links: Links, name: str) -> str:
    """The same address by way of a new link."""
    parts = urlsplit(url)
    port = links.open(name, [parts.port or 0])
    where = parts.netloc.rpartition(":")[0]
    return urlunsplit(parts._replace(netloc=f"{where}:{port}"))
