"""A filled city that is not running: the rows of one service copy its databases."""

from services.cli.bench.city import City
from services.cli.bench.ground import Ground


def small_city(ground: Ground) -> City:
    """The same for every row of a run; filled through the public interface when first asked for."""
    return ground.keep("small city", lambda: _filled(ground))


def _filled(ground: Ground) -> City:
    city = City(ground, "small")
    with city.running("accounts", "booking", "portal"):
        city.fill()
    city.tidy_databases()
    return city
