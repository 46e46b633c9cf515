"""The lists of free slots that `slots` asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, pairwise
from random import Random
from urllib.parse import urlencode

import msgspec
import requests

from services.cli.bench.writing import rows_of
from services.cli.errors import CommandFailed

PATH = "/api/booking/v1/slots"


@dataclass(frozen=True, slots=True)
class Lists:
    """Query strings: those every worker's page opens with, and those one person thinks of."""

    common: Sequence[str]
    own: Sequence[str]


def lists_of(port: int, token: str, database: str) -> Lists:
    """A counsellor or a place, from some day on: as many as the city has, in no order."""
    counsellors = [str(row[0]) for row in rows_of(database, "SELECT id FROM counsellors")]
    sites = [str(row[0]) for row in rows_of(database, "SELECT DISTINCT site FROM slots")]
    now = datetime.now(UTC)
    days = [(now + timedelta(days=day)).strftime("%Y-%m-%dT00:00:00Z") for day in range(2, 12)]
    own: list[dict[str, object]] = []
    for day, following in pairwise(days):
        own += [{"counsellor": each, "from": day} for each in counsellors]
        own += [{"site": each, "from": day, "mode": "video"} for each in sites]
        own += [{"site": each, "from": day, "to": following} for each in sites]
    Random(3).shuffle(own)
    first = msgspec.json.decode(body_of(port, token, ""))
    common: list[dict[str, object]] = [{}, {"mode": "video"}, {"mode": "in-person"}, {"limit": 20}]
    common += [{"cursor": first["next"]}] if first["next"] else []
    return Lists([urlencode(each) for each in common], [urlencode(each) for each in own])


def body_of(port: int, token: str, query: str) -> bytes:
    answer = requests.get(
        f"http://127.0.0.1:{port}{PATH}?{query}",
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    )
    if answer.status_code != 200:
        raise CommandFailed(f"{PATH}?{query} answered {answer.status_code}: {answer.text[:200]}")
    return answer.content


def mixed(lists: Lists, workers: int) -> list[list[str]]:
    """For each worker: every second list is one that everybody opens."""
    return [
        [query for own, query_of_all in zip(mine, cycle(lists.common), strict=False)
         for query in (query_of_all, own)]
        for mine in different(lists, workers)
    ]  # fmt: skip


def different(lists: Lists, workers: int) -> list[list[str]]:
    """For each worker lists that nobody else asks for."""
    return [list(lists.own[at::workers]) for at in range(workers)]


def path_of(query: str) -> str:
    return f"{PATH}?{query}" if query else PATH
