"""The colours of the style sheet, held to WCAG 2.2 AA."""

import re
from pathlib import Path

import pytest

CSS = Path("services/portal/static/css")
TOKENS = dict(
    re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", (CSS / "base.css").read_text(encoding="utf-8"))
)
PAIRS = [
    ("ink", "paper"),
    ("ink", "surface"),
    ("ink", "sunken"),
    ("ink", "pine-soft"),
    ("ink", "coral-soft"),
    ("ink", "amber-soft"),
    ("ink", "sky-soft"),
    ("ink", "sage-soft"),
    ("ink-soft", "paper"),
    ("ink-soft", "surface"),
    ("ink-soft", "sunken"),
    ("ink-soft", "pine-soft"),
    ("ink-soft", "coral-soft"),
    ("pine", "paper"),
    ("pine", "surface"),
    ("pine", "pine-soft"),
    ("pine-deep", "pine-soft"),
    ("on-pine", "pine"),
    ("on-pine", "pine-deep"),
    ("on-coral", "coral"),
    ("on-coral", "coral-deep"),
    ("coral-deep", "coral-soft"),
    ("coral-deep", "surface"),
    ("coral-deep", "sunken"),
    ("amber", "amber-soft"),
    ("sage", "sage-soft"),
    ("sky", "sky-soft"),
]


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_can_be_read(ink: str, ground: str) -> None:
    assert contrast(TOKENS[ink], TOKENS[ground]) >= 4.5


@pytest.mark.parametrize("ground", ["paper", "surface"])
def test_the_edges_of_controls_can_be_seen(ground: str) -> None:
    assert contrast(TOKENS["line-strong"], TOKENS[ground]) >= 3.0


def test_motion_stops_for_those_who_ask_for_it() -> None:
    assert "prefers-reduced-motion: reduce" in (CSS / "base.css").read_text(encoding="utf-8")
