"""Whether each dependency that is installed here is under a licence this project may build on."""

import tomllib
from collections.abc import Sequence
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from services.cli.dependencies.lock import Pin

LIST = Path(__file__).with_name("licences.toml")


def wrong_licences(pins: Sequence[Pin]) -> list[str]:
    """What is installed under none of the listed licences, without a reason in the list."""
    known = tomllib.loads(LIST.read_text())
    faults = []
    for pin in pins:
        try:
            said = stated(distribution(pin.name))
        except PackageNotFoundError:
            continue  # for another system, or only for development
        if pin.name not in known["reasons"] and not _listed(said, known):
            faults.append(f"{pin.name} {pin.version}: licence {said or 'not stated'} is not listed")
    return faults


def stated(found: Distribution) -> str:
    """A package's licence in its own words: expression, classifiers, or a text's beginning."""
    meta = found.metadata
    classifiers = [
        each.rsplit(" :: ", 1)[-1]
        for each in meta.get_all("Classifier") or ()
        if each.startswith("License ::")
    ]
    stated = [
        *(meta.get_all("License-Expression") or ()),
        *classifiers,
        *(text[:80] for text in meta.get_all("License") or ()),
    ]
    return "; ".join(each.strip() for each in stated if each.strip())


def _listed(said: str, known: dict[str, Any]) -> bool:
    return any(word.lower() in said.lower() for word in known["allowed"])
