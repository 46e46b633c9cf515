"""Publishing with confirms: a whole batch goes out before its confirms are awaited."""

import time
from collections.abc import Sequence
from functools import cache
from itertools import takewhile
from typing import Any

import eventlet

from services.chassis.bus import connect, is_memory, let_go, read_ahead
from services.chassis.frames import published
from services.chassis.publication import Publication
from services.chassis.topology import exchange_of
from services.contracts.envelope import CONTENT_TYPE
from services.contracts.subscriptions import readers_of

DRAIN_SECONDS = 0.5
OPEN_SECONDS = 5.0


class BrokerAway(Exception):
    """The broker cannot be reached, or does not answer in time."""


class Publisher:
    """One connection to the broker; opened when needed, dropped when it fails or hangs."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Any = None
        self._channel: Any = None
        self._waiting: dict[int, str] = {}
        self._confirmed: set[str] = set()
        self._returned: set[str] = set()
        self._tag = 0

    @property
    def connected(self) -> bool:
        """Whether the last thing tried worked."""
        return self._channel is not None

    def publish(self, batch: Sequence[Publication], timeout: float) -> set[str]:
        """Publish all; returns the ids the broker confirmed as stored in a queue that has a reader.

        Raises BrokerAway if it cannot be reached, or if nothing was confirmed within `timeout`
        seconds.
        """
        deadline = eventlet.Timeout(timeout)
        self._waiting, self._confirmed, self._returned = {}, set(), set()
        try:
            self._open()
            self._send(batch)
            self._await_confirms(timeout)
        except eventlet.Timeout as expired:
            if expired is not deadline:
                raise
            self.drop()
        except Exception as error:
            self.drop()
            if not self._confirmed:
                raise BrokerAway(type(error).__name__) from error
        finally:
            deadline.cancel()
        stored = self._confirmed - self._returned
        if not stored and not self._returned:
            raise BrokerAway("no confirm in time")
        return stored

    def keep_alive(self) -> None:
        """Answer the broker's heartbeats while there is nothing to publish."""
        if self._channel is None or is_memory(self._url):
            return
        try:
            with eventlet.Timeout(DRAIN_SECONDS * 2):
                self._connection.heartbeat_check(rate=2)
                self._drain(0.001)
        except (Exception, eventlet.Timeout):
            self.drop()

    def stands(self) -> bool:
        """Connect where that was not done yet; raises what the broker's absence raises.

        For the lane that nobody waits for: what an outage left behind is then mended, and known to
        be, before the next event.
        """
        with eventlet.Timeout(OPEN_SECONDS, BrokerAway("no connection in time")):
            self._open()
        return True

    def drop(self) -> None:
        """Forget the connection without waiting for the broker's goodbye."""
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            let_go(connection, politely=False)

    def _open(self) -> None:
        if self._channel is not None:
            return
        self._connection = connect(self._url)
        self._connection.connect()
        channel = self._connection.channel()
        self._tag = 0
        if not is_memory(self._url):
            read_ahead(self._connection)
            channel.confirm_select()
            channel.events["basic_ack"].add(self._on_ack)
            channel.events["basic_nack"].add(self._on_nack)
            channel.events["basic_return"].add(self._on_return)
        self._channel = channel

    def _send(self, batch: Sequence[Publication]) -> None:
        for publication in batch:
            self._tag += 1
            self._waiting[self._tag] = publication.id
        if is_memory(self._url):
            for publication in batch:
                self._send_in_memory(publication)
            return
        channel, frame_max = self._channel.channel_id, self._connection.connection.frame_max
        frames: list[bytes] = []
        for each in batch:
            route = each.route or _route(each.type)
            frames += published(
                channel, route, each.headers, each.id, CONTENT_TYPE, each.body, frame_max
            )
        self._connection.connection.transport.write(b"".join(frames))

    def _send_in_memory(self, publication: Publication) -> None:
        message = self._channel.prepare_message(
            publication.body,
            content_type=CONTENT_TYPE,
            content_encoding="binary",
            headers=dict(publication.headers),
            properties={"delivery_mode": 2, "message_id": publication.id},
        )
        exchange, key, mandatory = publication.route or _route(publication.type)
        self._channel.basic_publish(
            message, exchange=exchange, routing_key=key, mandatory=mandatory
        )

    def _await_confirms(self, timeout: float) -> None:
        if is_memory(self._url):
            self._confirmed.update(self._waiting.values())
            return
        ends = time.monotonic() + timeout
        while self._waiting and time.monotonic() < ends:
            self._drain(DRAIN_SECONDS)

    def _drain(self, seconds: float) -> None:
        try:
            self._connection.drain_events(timeout=seconds)
        except TimeoutError:
            return

    def _on_ack(self, tag: int, multiple: bool) -> None:
        self._confirmed.update(self._settle(tag, multiple))

    def _on_nack(self, tag: int, multiple: bool) -> None:
        self._returned.update(self._settle(tag, multiple))

    def _on_return(self, _error: Any, _exchange: str, _key: str, message: Any) -> None:
        self._returned.add(message.properties["message_id"])

    def _settle(self, tag: int, multiple: bool) -> list[str]:
        if not multiple:
            found = self._waiting.pop(tag, None)
            return [] if found is None else [found]
        tags = list(takewhile(lambda waiting: waiting <= tag, self._waiting))
        return [self._waiting.pop(each) for each in tags]


@cache
def _route(event_type: str) -> tuple[str, str, bool]:
    """Exchange, routing key, and whether somebody must be there to hear it."""
    return exchange_of(event_type), event_type, bool(readers_of(event_type))
