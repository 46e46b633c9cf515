"""After everything is mended: wait until nothing is on its way any more, letting time pass."""

import time
from collections.abc import Callable
from typing import Any

from services.apphost import KEEPERS
from services.contracts.subscriptions import SUBSCRIPTIONS
from tests.faults.harness.city import FragileCity
from tests.faults.harness.outside import Outside

QUEUES = [each.queue for each in SUBSCRIPTIONS]
QUIET_SECONDS = 180.0
# A mail attempt takes at most 5 s; a leap during one would have another made beside it.
IN_HAND_SECONDS = 6.0
MOST_LEAPS = 12
MOMENTS, MOMENT_SECONDS = 40, 1.5
LATE = "due_at < now() - interval '3 seconds'"
# What ends by itself if one waits: retries of events, attempts at mails and their leases.
PENDING = "SELECT extract(epoch FROM max(due_at) - now()) FROM {table} WHERE {condition}"

Say = Callable[[str], None]


def settle(city: FragileCity, outside: Outside, say: Say) -> list[str]:
    """Leap from wait to wait until nothing waits; returns what did not come to rest."""
    for leap in range(MOST_LEAPS):
        left = _quiet(city, outside, say)
        if left:
            return left
        ahead = _longest_wait(city)
        if ahead <= 0:
            return []
        time.sleep(IN_HAND_SECONDS)
        ahead = _longest_wait(city)
        say(f"letting {ahead:.0f} s pass ({leap + 1})")
        city.move_clocks_by(max(0.0, ahead) + 1.0)
    return ["time passes, and something is always being tried again"]


def hold_still(city: FragileCity, outside: Outside) -> list[str]:
    """Stop every process between two moments of work: open cases page on for ever, and what is
    judged must not move. Returns what was on its way at every one of many moments, if so.
    """
    busy: list[str] = []
    for _ in range(MOMENTS):
        for replica in city.replicas.values():
            replica.pause()
        busy = unrest(city, outside) or waiting(city) or in_hand(city)
        if not busy:
            return []
        for replica in city.replicas.values():
            replica.resume()
        time.sleep(MOMENT_SECONDS)
    return busy


def waiting(city: FragileCity) -> list[str]:
    """What is to be tried again, be it late or not yet."""
    mails = "SELECT count(*) FROM deliveries WHERE channel = 'email' AND state = 'queued'"
    found = {"mails": _number(city, "notification", mails)}
    for name in KEEPERS:
        found[name] = _number(city, name, "SELECT count(*) FROM inbox WHERE state = 'retry'")
    return [f"{name}: {number:.0f} waiting" for name, number in found.items() if number]


def _quiet(city: FragileCity, outside: Outside, say: Say) -> list[str]:
    """Until all lanes are empty twice in a row; returns what was not, when patience ends."""
    ends = time.monotonic() + QUIET_SECONDS
    calm = 0
    while calm < 2:
        busy = unrest(city, outside) or (in_hand(city) if calm else [])
        calm = 0 if busy else calm + 1
        if busy:
            say("settling: " + "; ".join(busy)[:100])
        if time.monotonic() > ends:
            return busy
        time.sleep(0.5)
    return []


def unrest(city: FragileCity, outside: Outside) -> list[str]:
    """What is still on its way, in words."""
    found = []
    for name in KEEPERS:
        unsent = _number(city, name, "SELECT count(*) FROM outbox WHERE sent_at IS NULL")
        retries = _number(
            city, name, f"SELECT count(*) FROM inbox WHERE state = 'retry' AND {LATE}"
        )
        timers = _number(city, name, f"SELECT count(*) FROM timers WHERE {LATE}")
        found += [
            f"{name}: {number:.0f} {what}"
            for number, what in ((unsent, "unsent"), (retries, "retries"), (timers, "late timers"))
            if number
        ]
    depths = outside.depths(QUEUES)
    return found + [f"{queue}: {depth}" for queue, depth in depths.items() if depth]


def in_hand(city: FragileCity) -> list[str]:
    """What a reader has taken and not acknowledged; slow to find out."""
    depths = city.broker.admin.depths()
    return [f"{queue}: {depths[queue]} in hand" for queue in QUEUES if depths.get(queue)]


def _longest_wait(city: FragileCity) -> float:
    waits = [0.0]
    for name in KEEPERS:
        waits.append(_number(city, name, PENDING.format(table="inbox", condition="state='retry'")))
    deliveries = PENDING.format(table="timers", condition="kind IN ('delivery', 'page-mail')")
    waits.append(_number(city, "notification", deliveries))
    return max(waits)


def _number(city: FragileCity, service: str, statement: str) -> float:
    value: Any = city.rows(service, statement)[0][0]
    return float(value or 0)
