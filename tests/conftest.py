"""Green threads before anything else is imported, and the servers that tests share."""

import os
import warnings

# Its plugins import trio, which cannot be imported once sockets are green.
os.environ["HYPOTHESIS_NO_PLUGINS"] = "1"

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import eventlet

    eventlet.monkey_patch()

pytest_plugins = ["tests.support.servers", "tests.support.city"]


def pytest_configure() -> None:
    """What is right does not depend on how fast the machine is, and logs do not make it slow."""
    from hypothesis import HealthCheck, settings

    from tests.support.plainlogs import log_plainly

    log_plainly()

    settings.register_profile("huixin", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("huixin")
