"""Measure the system against its limits and its peers: each row is a ratio within one run, on a
private PostgreSQL (fsync on) and RabbitMQ (quorum queues, confirms). Ctrl-C stops everything."""

import argparse
from pathlib import Path

from services.cli.bench.catalogue import ROWS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which rows, how often, and where the result goes."""
    parser.add_argument("--rows", metavar="A,B", help=f"only these; all are: {', '.join(ROWS)}")
    parser.add_argument("--rounds", type=int, metavar="N", help="rounds of each row (default 5)")
    parser.add_argument("--quick", action="store_true", help="small sizes: shows that it works")
    parser.add_argument("--full", action="store_true", help="the ledger with 10 million events")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write machine and rows there")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the rows (.svg or .png)")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="on this disk; removed after")


def run(arguments: argparse.Namespace) -> int:
    """0 once every row was measured, whether or not it met its goal; 1 where one broke."""
    from services.cli.bench.running import run_bench

    return run_bench(arguments)
