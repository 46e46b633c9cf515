"""The kinds of numbers, which decide who sees them when (design 9)."""

from enum import StrEnum

from services.reporting.counting.codes import CRISIS_CASES, EXPERTS, RESPONSES, SITES

RESPONSE_PREFIX = "responses-"
RISK_PREFIX = "risk-"
CRISIS_PREFIX = "crisis-"
RISK_OF_CRISIS = "risk-crisis"


class Kind(StrEnum):
    """What a number tells of."""

    PLAIN = "plain"
    """places and posts, nobody's life"""
    ACTIVITY = "activity"
    """offers and sessions"""
    CLINICAL = "clinical"
    """responses, bands, risk"""
    CRISIS = "crisis"
    """crisis cases and their clocks, for the city alone"""


def kind_of(code: str) -> Kind:
    """The kind of a code."""
    if code.startswith(CRISIS_PREFIX):
        return Kind.CRISIS
    if code.startswith((RESPONSE_PREFIX, RISK_PREFIX)):
        return Kind.CLINICAL
    if code == EXPERTS or code.startswith(SITES):
        return Kind.PLAIN
    return Kind.ACTIVITY


def is_total(code: str) -> bool:
    """Whether the code is the whole that all clinical numbers add up to."""
    return code == RESPONSES


def is_duration(code: str) -> bool:
    """Whether the number is a median of minutes, which no sum can be made of."""
    return kind_of(code) is Kind.CRISIS and code != CRISIS_CASES
