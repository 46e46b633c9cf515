"""Show the whole system in one process: a seeded city, one worker's way through the closed loop,
and pages to look at. Nothing is needed but Python; PostgreSQL stops with the command."""

import argparse
from pathlib import Path

from services.cli.local.datafolder import default_data_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where, and for how long."""
    parser.add_argument("--once", action="store_true", help="stop after the loop; 0 if it worked")
    parser.add_argument("--port", type=int, default=8100, help="the portal's port")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="where data are kept")
    parser.add_argument("--fresh", action="store_true", help="forget what an earlier demo kept")


def run(arguments: argparse.Namespace) -> int:
    """Start everything, fill the city in, walk the loop, stay up."""
    import services.chassis.green  # noqa: F401  before anything that opens sockets
    from services.cli.demo_city.running import Demonstration

    folder = (arguments.data or default_data_folder() / "demo").resolve()
    return Demonstration(folder, arguments.port, arguments.once, arguments.fresh).run()
