"""One keep-alive connection: sends prepared bytes, and reads as much of an answer as it must."""

import socket

END = b"\r\n\r\n"
LENGTH = b"content-length:"
CLOSING = b"\r\nconnection: close"
CHUNK = 65_536


class BrokenAnswer(Exception):
    """The server closed, or said something this client does not read."""


class Connection:
    """A socket that does not block."""

    __slots__ = (
        "_buffer",
        "_needed",
        "_status",
        "answer",
        "number",
        "over",
        "port",
        "sent_at",
        "sock",
    )

    def __init__(self, port: int, number: int = 0) -> None:
        self.port, self.number = port, number
        self.sent_at = 0.0
        # Head and body of the last answer.
        self.answer = b""
        self._buffer = b""
        self._needed = self._status = 0
        self._connect()

    def _connect(self) -> None:
        # Whether the server has said that the connection ends with the answer.
        self.over = False
        self.sock = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.setblocking(False)

    def renew(self) -> None:
        """Another one in its place, as a caller makes whose server has ended it."""
        self.sock.close()
        self._connect()

    def send(self, request: bytes) -> None:
        """All of it at once: a request is much smaller than the kernel's buffer."""
        if self.sock.send(request) != len(request):
            raise BrokenAnswer("a request did not fit into the socket's buffer")

    def receive(self) -> int:
        """The status once the answer is whole, else 0; raises BrokenAnswer."""
        data = self.sock.recv(CHUNK)
        if not data:
            raise BrokenAnswer(f"the server on port {self.port} closed a connection")
        self._buffer = self._buffer + data if self._buffer else data
        if not self._needed and not self._read_head():
            return 0
        if len(self._buffer) < self._needed:
            return 0
        if len(self._buffer) > self._needed:
            raise BrokenAnswer("more came than was asked for")
        self.answer, self._buffer, self._needed = self._buffer, b"", 0
        return self._status

    def close(self) -> None:
        """Hang up."""
        self.sock.close()

    def _read_head(self) -> bool:
        end = self._buffer.find(END)
        if end < 0:
            return False
        head = self._buffer[:end].lower()
        self._status = int(head[9:12])
        self.over = CLOSING in head
        at = head.find(LENGTH)
        if at >= 0:
            length = int(head[at + len(LENGTH) :].split(b"\r\n", 1)[0])
        elif self._status == 204:
            length = 0
        else:
            raise BrokenAnswer("an answer came without its length")
        self._needed = end + len(END) + length
        return True
