"""Format, lint, types, import rules, contracts, migrations and unit tests: about a minute."""

import argparse
import sys
from pathlib import Path

from services.cli.steps import python, run_step

LINT_IMPORTS = str(Path(sys.executable).with_name("lint-imports"))
IMPORT_RULES = "tests/architecture/imports.toml"
STATIC: dict[str, list[str]] = {
    "format (ruff)": python("-m", "ruff", "format", "--check", "."),
    "lint (ruff)": python("-m", "ruff", "check", "."),
    "types (mypy, strict)": python("-m", "mypy"),
    "rooms (import-linter)": [LINT_IMPORTS, "--no-logo", "--config", IMPORT_RULES],
    "contracts (documents, promises)": python("-m", "services.cli", "contracts", "--check"),
    "migrations (squawk)": python("-m", "services.cli", "lint-migrations"),
}
UNIT_TESTS = python("-m", "pytest", "-q", "tests/unit", "tests/architecture")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


def run(_arguments: argparse.Namespace) -> int:
    """All of it; 1 where anything failed."""
    passed = static_checks() & run_step("unit and architecture tests", UNIT_TESTS)
    print("Everything holds." if passed else "Something does not hold; see above.")
    return 0 if passed else 1


def static_checks() -> bool:
    """Everything that needs no running code; every step runs, whatever came before."""
    results = [run_step(title, command) for title, command in STATIC.items()]
    return all(results)
