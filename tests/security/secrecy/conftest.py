"""One walk through the running city, recorded from outside, that every test here looks at."""

from collections.abc import Callable, Iterator

import pytest

from tests.security.secrecy.loop import Loop
from tests.security.secrecy.traces import Tap
from tests.support.city import City
from tests.support.collector import Collector, telling


@pytest.fixture(scope="package")
def tap(make_city: Callable[[], City]) -> Iterator[Tap]:
    """Hears every message on every exchange, from before the walk."""
    city = make_city()
    with Tap(city.broker.admin_url) as tap:
        yield tap


@pytest.fixture(scope="package")
def collector(make_city: Callable[[], City]) -> Iterator[Collector]:
    """Is told every span, from before the walk."""
    collector = Collector()
    with telling(make_city(), collector.url):
        yield collector
    collector.stop()


@pytest.fixture(scope="package")
def loop(make_city: Callable[[], City], tap: Tap, collector: Collector) -> Loop:
    """The walk, its refusals and its failures."""
    loop = Loop(make_city())
    loop.walk()
    loop.stumble()
    loop.fall()
    return loop
