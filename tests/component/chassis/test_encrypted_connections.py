"""`amqps://` and `sslmode=verify-full`: who answers has to prove that it is the one meant."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import eventlet
import pytest

from services.chassis.bus import connect, encrypted
from services.chassis.consumer import Arrival, QueueReader
from services.chassis.publication import Publication
from services.chassis.publisher import BrokerAway, Publisher
from services.chassis.topology import Topology
from services.cli.local.certificates import issue, make_authority
from services.cli.local.ports import free_port
from services.cli.local.rabbitmq import PrivateBroker

EVENT, QUEUE = "assessment.response-completed.v1", "booking.response-completed"

CONFIGURATION = """\
listeners.ssl.1 = 127.0.0.1:{port}
ssl_options.cacertfile = {folder}/ca.crt
ssl_options.certfile = {folder}/tls.crt
ssl_options.keyfile = {folder}/tls.key
ssl_options.verify = verify_none
"""


@dataclass(frozen=True)
class EncryptedBroker:
    port: int
    authority: Path
    stranger: Path

    def url(self, *, host: str = "127.0.0.1", authority: Path | None = None) -> str:
        query = f"?cacertfile={authority}" if authority else ""
        return f"amqps://huixin-admin:test-only@{host}:{self.port}//{query}"


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EncryptedBroker]:
    folder = tmp_path_factory.mktemp("encrypted")
    authority, port = make_authority("ours"), free_port()
    server = issue(authority, ["127.0.0.1"])
    for name, content in (
        ("ca.crt", authority.certificate),
        ("tls.crt", server.certificate),
        ("tls.key", server.key),
        ("stranger.crt", make_authority("somebody's").certificate),
    ):
        (folder / name).write_text(content)
    more = CONFIGURATION.format(port=port, folder=folder)
    private = PrivateBroker(folder, admin_password="test-only", configuration=more)
    private.start()
    yield EncryptedBroker(port, folder / "ca.crt", folder / "stranger.crt")
    private.stop()


def publication(size: int) -> Publication:
    return Publication(str(uuid4()), EVENT, b"x" * size, {})


def read(url: str, wanted: int) -> list[Arrival]:
    """Arrivals of the queue, acknowledged, until there are so many."""
    arrivals: list[Arrival] = []

    def on_message(arrival: Arrival) -> None:
        arrivals.append(arrival)
        reader.acknowledge(arrival)

    reader = QueueReader(url, "booking", "ordinary", 50, on_message)
    running = eventlet.spawn(reader.run, [QUEUE])
    with eventlet.Timeout(30):
        while len(arrivals) < wanted:
            eventlet.sleep(0.01)
    reader.stop()
    running.wait()
    return arrivals


def test_events_of_every_size_travel_encrypted(broker: EncryptedBroker) -> None:
    url = broker.url(authority=broker.authority)
    Topology().apply(url)
    sizes = [0, 1, 8191, 8192, 16384, 16385, 200_000, *range(100, 400)]
    batch = [publication(size) for size in sizes]
    publisher = Publisher(url)

    confirmed = publisher.publish(batch, timeout=30)
    publisher.keep_alive()

    assert confirmed == {each.id for each in batch}
    assert publisher.connected
    assert [len(each.body) for each in read(url, len(batch))] == sizes
    publisher.drop()


@pytest.mark.parametrize(
    ("host", "authority"),
    [("127.0.0.1", "stranger"), ("127.0.0.1", None), ("localhost", "authority")],
    ids=["signed by another authority", "by none the system trusts", "for another name"],
)
def test_nobody_else_is_taken_for_the_broker(
    broker: EncryptedBroker, host: str, authority: str | None
) -> None:
    url = broker.url(host=host, authority=getattr(broker, authority) if authority else None)

    with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        connect(url).connect()
    with pytest.raises(BrokerAway):
        Publisher(url).publish([publication(1)], timeout=5)


def test_an_unencrypted_address_stays_as_it_is() -> None:
    assert encrypted("amqp://u:p@h:5672//") == ("amqp://u:p@h:5672//", False)
