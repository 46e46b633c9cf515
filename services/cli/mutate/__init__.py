"""Break the code in small ways, one at a time, and see whether a test notices. What is known is
kept: an interrupted run goes on, and only what a changed module or test can change is repeated."""

import argparse
from pathlib import Path

from services.cli.mutate.areas import areas


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which modules, and how strict."""
    names = ", ".join(areas())
    parser.add_argument("area", nargs="*", metavar="AREA", help=f"of {names}; else all")
    parser.add_argument("--only", metavar="TEXT", default="", help="modules with this in the path")
    parser.add_argument("--known", action="store_true", help="try nothing, show what is known")
    parser.add_argument("--again", action="store_true", help="forget what is known of them")
    parser.add_argument("--at-least", type=float, metavar="PERCENT", default=0.0,
                        help="1 where a smaller part is killed or examined")  # fmt: skip
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="where results are kept")


def run(arguments: argparse.Namespace) -> int:
    """1 where fewer mutants were noticed than asked for."""
    from services.cli.mutate.running import run_mutants

    return run_mutants(arguments)
