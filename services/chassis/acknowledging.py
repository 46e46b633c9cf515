"""Acknowledgements of one queue's channel: as few as tell the broker what is done."""

from itertools import takewhile
from typing import Any


class Acknowledgements:
    """Knows the messages that came over a channel, in order, and which of them are done.

    As far as all before it are done too, one acknowledgement stands for many; the rest are told
    one by one, so that none waits for a slow one before it. Only for a channel with one queue.
    """

    def __init__(self, channel: Any, *, multiple: bool) -> None:
        self.channel, self._multiple = channel, multiple
        self._done: dict[Any, bool] = {}

    def came(self, tag: Any) -> None:
        """A message came."""
        self._done[tag] = False

    def done(self, tag: Any) -> None:
        """Its work is stored."""
        self._done[tag] = True

    def gone(self, tag: Any) -> None:
        """It was given back or thrown away."""
        self._done.pop(tag, None)

    def tell(self) -> None:
        """Acknowledge what is done."""
        first = list(takewhile(self._done.__getitem__, self._done)) if self._multiple else []
        if first:
            self.channel.basic_ack(first[-1], multiple=True)
        others = [tag for tag, done in self._done.items() if done][len(first) :]
        for tag in others:
            self.channel.basic_ack(tag)
        for tag in first + others:
            del self._done[tag]
