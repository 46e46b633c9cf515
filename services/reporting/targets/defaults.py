"""The targets of the city notice that the platform's plan follows, as data."""

import tomllib
from pathlib import Path

from services.reporting.targets.domain import Target

DEFAULTS = Path(__file__).with_name("defaults.toml")


def default_targets(unit: str, year: int) -> list[Target]:
    """One target a line of the file."""
    values = tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))["targets"]
    return [Target(unit, year, code, float(value)) for code, value in values.items()]
