"""The language of an answer."""

from services.assessment.instruments.words import Language
from services.chassis.request import Request


def language_of(request: Request) -> Language:
    """English where it is asked for, else Chinese."""
    return "en" if request.language == "en" else "zh"
