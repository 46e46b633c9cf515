"""Declare the broker's exchanges and queues before any service starts; running twice is safe."""

import argparse
import time

from services.chassis.topology import Topology
from services.cli.environ import read_setting
from services.cli.errors import CommandFailed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Only to look, or how long the broker may take."""
    parser.add_argument("--show", action="store_true", help="print it and declare nothing")
    parser.add_argument("--wait", type=float, default=60.0, help="seconds to wait for the broker")


def run(arguments: argparse.Namespace) -> int:
    """The address of a user that may declare is read from HUIXIN_BROKER_ADMIN_URL."""
    topology = Topology()
    if arguments.show:
        for exchange, key, queue in topology.bindings():
            print(f"{exchange:<22}{key:<42}{queue}")
        return 0
    url = read_setting("HUIXIN_BROKER_ADMIN_URL", "HUIXIN_AMQP_URL")
    apply_patiently(topology, url, arguments.wait)
    print(f"{len(topology.exchanges())} exchanges, {len(list(topology.queues()))} queues stand.")
    return 0


def apply_patiently(topology: Topology, url: str, wait: float) -> None:
    """Declare it as soon as the broker answers; raises CommandFailed when it does not."""
    deadline = time.monotonic() + wait
    while True:
        try:
            return topology.apply(url)
        except OSError as error:
            if time.monotonic() > deadline:
                raise CommandFailed(f"The broker does not answer: {error}") from None
            time.sleep(1)
