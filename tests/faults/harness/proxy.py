"""TCP links that a test may cut, slow down or black-hole, in a process of their own.

Run as `python -m tests.faults.harness.proxy`; every line of its standard input is a command in JSON
(`links.py` writes them), every line of its output the answer. It ends when its input does.
"""

import asyncio
import json
import socket
import struct
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

CHUNK = 64 * 1024
CONNECT_SECONDS = 2.0


@dataclass(slots=True)
class Line:
    """One connection through a link: from whoever called to the target it was given."""

    near: asyncio.StreamWriter
    far: asyncio.StreamWriter

    def drop(self) -> None:
        """Both ends see a reset."""
        for each in (self.near, self.far):
            reset(each)


@dataclass(slots=True)
class Link:
    """A port and the ports behind it, taken in turn; a target that refuses is passed over."""

    name: str
    targets: list[int]
    mode: str = "open"
    delay: float = 0.0
    rate: float = 0.0
    turn: int = 0
    lines: list[Line] = field(default_factory=list)
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    def set(self, mode: str, delay: float, rate: float, targets: Sequence[int] | None) -> None:
        """`cut` resets what stands and refuses what comes; `hole` swallows until it is opened."""
        self.mode, self.delay, self.rate = mode, delay, rate
        self.targets = list(targets) if targets else self.targets
        if mode == "hole":
            self.opened.clear()
        else:
            self.opened.set()
        if mode == "cut":
            for line in list(self.lines):
                line.drop()

    async def accept(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """Serve one caller until either side ends."""
        far = None if self.mode == "cut" else await self._reach()
        if far is None:
            reset(back)
            return
        line = Line(back, far[1])
        self.lines.append(line)
        try:
            await asyncio.gather(self._pump(near, far[1]), self._pump(far[0], back))
        except (OSError, asyncio.CancelledError):
            line.drop()
        finally:
            self.lines.remove(line)
            for each in (line.near, line.far):
                each.close()

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for _ in self.targets:
            self.turn += 1
            port = self.targets[self.turn % len(self.targets)]
            with suppress(OSError, TimeoutError):
                opening = asyncio.open_connection("127.0.0.1", port)
                return await asyncio.wait_for(opening, CONNECT_SECONDS)
        return None

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(CHUNK):
            await self.opened.wait()
            if self.delay or self.rate:
                await asyncio.sleep(self.delay + (len(data) / self.rate if self.rate else 0.0))
            sink.write(data)
            await sink.drain()
        with suppress(OSError):
            sink.write_eof()


def reset(end: asyncio.StreamWriter) -> None:
    """Close it as a machine does that knows nothing of the connection."""
    with suppress(OSError):
        at_once = struct.pack("ii", 1, 0)
        end.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
    end.transport.abort()


class Proxy:
    """All links of one city."""

    def __init__(self) -> None:
        self._links: dict[str, Link] = {}
        self._servers: list[asyncio.Server] = []

    async def open(self, name: str, targets: Sequence[int], port: int = 0) -> int:
        """A new link; returns the port it listens on."""
        link = Link(name, list(targets))
        link.opened.set()
        server = await asyncio.start_server(link.accept, "127.0.0.1", port)
        self._links[name] = link
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    def set(
        self,
        names: Sequence[str],
        mode: str,
        delay: float = 0.0,
        rate: float = 0.0,
        targets: Sequence[int] | None = None,
    ) -> int:
        """Change links; returns how many connections go through them."""
        for name in names:
            self._links[name].set(mode, delay, rate, targets)
        return sum(len(self._links[name].lines) for name in names)

    async def obey(self, command: dict[str, Any]) -> object:
        """One command."""
        do = command.pop("do")
        return await self.open(**command) if do == "open" else self.set(**command)


async def _serve() -> None:
    proxy = Proxy()
    loop = asyncio.get_running_loop()
    commands = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    while line := await commands.readline():
        print(json.dumps(await proxy.obey(json.loads(line))), flush=True)


if __name__ == "__main__":
    asyncio.run(_serve())
