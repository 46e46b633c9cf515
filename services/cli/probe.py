"""Ask one service on this machine whether it can work: what a container's health check runs."""

import argparse
import os
import urllib.request
from urllib.error import URLError

from services.apphost import SERVICES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The service of this container, where none is named."""
    parser.add_argument("name", nargs="?", default=os.environ.get("HUIXIN_SERVICE"))


def run(arguments: argparse.Namespace) -> int:
    """0 when it is ready."""
    name = arguments.name
    port = os.environ.get(f"{name.upper()}_PORT", SERVICES[name].port)
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=4):
            return 0
    except (URLError, OSError) as error:
        print(error)
        return 1
