"""Posts one parcel over TLS in the order in which a service imports; prints what came of it.

Arguments: the server's certificate and key, and the authority to believe (`-`: the usual ones).
"""

import sys
from contextlib import suppress
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any
from uuid import uuid4

BODY = b"{}"
ANSWER = b"HTTP/1.1 204 Taken\r\nContent-Length: 0\r\n\r\n"


def serve(listener: Any, context: Any) -> None:
    """Take each connection and answer one request."""
    while True:
        connection, _ = listener.accept()
        with suppress(OSError), context.wrap_socket(connection, server_side=True) as secured:
            heard = b""
            while not heard.endswith(BODY):
                heard += secured.recv(4096)
            secured.sendall(ANSWER)


def main(certificate: str, key: str, authority: str) -> None:
    """Post it."""
    import services.chassis.green  # noqa: F401, I001  # before anything that opens sockets
    import socket
    import ssl
    import threading

    import certifi

    from services.accounts.subscribers.domain import DeliveryKind, Subscription
    from services.accounts.subscribers.secrets import new_signing_key
    from services.accounts.subscribers.usecases.deliver import Consignment, Parcel
    from services.accounts.subscribers.webhook import WebhookSender

    if authority != "-":
        certifi.where = lambda: authority
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve, args=(listener, context), daemon=True).start()
    now = datetime.now(UTC)
    subscription = Subscription(
        id=uuid4(),
        name="over-tls",
        title="over TLS",
        types=(),
        kind=DeliveryKind.WEBHOOK,
        url=f"https://127.0.0.1:{listener.getsockname()[1]}/hook",
        created_at=now,
        due_at=now,
    )
    consignment = Consignment(subscription, [Parcel("one", 1, BODY)], [new_signing_key()])
    print(WebhookSender([ip_network("127.0.0.0/8")]).deliver(consignment))


if __name__ == "__main__":
    main(*sys.argv[1:])
