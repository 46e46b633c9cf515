"""Reads the care policy, and refuses one that is unsigned or does not fit the instruments."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from services.assessment.care.definition import CarePolicy, Rule
from services.assessment.care.signature import check_signature
from services.assessment.instruments.catalogue import Catalogue
from services.assessment.instruments.definition import Instrument
from services.assessment.scoring.rounding import exact

DEFAULT = Path(__file__).parent / "data" / "union-stepped-care.json"


class InvalidPolicy(ValueError):
    """The policy contradicts itself or leaves a critical answer without a consequence."""


def read_policy(path: Path, catalogue: Catalogue, *, signed: bool) -> CarePolicy:
    """Read and check a policy file; `signed` demands a valid signature."""
    try:
        policy = msgspec.json.decode(path.read_bytes(), type=CarePolicy)
    except msgspec.MsgspecError as error:
        raise InvalidPolicy(f"{path.name}: {error}") from error
    faults = [*_levels(policy), *_rules(policy)]
    faults += [fault for each in catalogue.every() for fault in misfits(policy, each.instrument)]
    if faults:
        raise InvalidPolicy(f"{policy.pin}: " + "; ".join(faults))
    if signed:
        check_signature(policy)
    return policy


def json_schema() -> dict[str, object]:
    """The published JSON Schema of a policy file."""
    schema = msgspec.json.schema(CarePolicy)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema


def _levels(policy: CarePolicy) -> Iterator[str]:
    if [each.level for each in policy.levels] != [0, 1, 2, 3, 4]:
        yield "levels are not 0 to 4 in order"


def misfits(policy: CarePolicy, instrument: Instrument) -> Iterator[str]:
    """Why nobody may be asked this instrument under this policy: a rule that measures nothing of
    it, or a critical answer that nothing would follow from.
    """
    for rule in policy.rules:
        if rule.instrument == instrument.id and not _exists(rule, instrument):
            yield f"rule {rule.id} measures nothing of {instrument.id}"
    answered = {*policy.crisis.flags, *policy.reviewed}
    for critical in instrument.critical:
        if critical.flag not in answered:
            yield f"{instrument.id} {critical.item}: {critical.flag} has no consequence"


def _rules(policy: CarePolicy) -> Iterator[str]:
    for rule in policy.rules:
        if (rule.score is None) == (rule.item is None):
            yield f"rule {rule.id} needs a score or an item, not both"
        starts = [exact(step.start) for step in rule.steps]
        levels = [step.level for step in rule.steps]
        if starts != sorted(set(starts)) or levels != sorted(levels):
            yield f"rule {rule.id} does not rise"


def _exists(rule: Rule, instrument: Instrument) -> bool:
    if rule.item is not None:
        return instrument.item(rule.item) is not None
    return rule.score in {score.id for score in instrument.scores}
