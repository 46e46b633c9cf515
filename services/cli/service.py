"""Run one service in this process, with its settings from the environment."""

import argparse
import os

from services.apphost import SERVICES
from services.cli.errors import CommandFailed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which one."""
    image = os.environ.get("HUIXIN_SERVICE")
    parser.add_argument("name", choices=SERVICES, nargs="?" if image else None, default=image)


def run(arguments: argparse.Namespace) -> int:
    """Until SIGTERM or SIGINT."""
    import services.chassis.green  # noqa: F401  before anything that opens sockets
    from services.chassis.logs import configure_logging
    from services.chassis.memory import hand_freed_memory_back
    from services.chassis.runner import run_services
    from services.chassis.settings import SettingsError

    hand_freed_memory_back()
    configure_logging(os.environ.get("HUIXIN_LOG_LEVEL", "info"))
    try:
        run_services([SERVICES[arguments.name].load()], os.environ)
    except SettingsError as error:
        raise CommandFailed(str(error)) from None
    return 0
