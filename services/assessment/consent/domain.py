"""Agreement as the law wants it: to this wording, explicit, and taken back at will."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.assessment.consent.texts import Purpose
from services.chassis.errors import NotAllowed, NotFound


class ConsentRequired(NotAllowed):
    """The person has not agreed to the present wording."""

    code = "consent-required"
    title = "Please read and agree first"


class ConsentNotGiven(NotFound):
    """There is nothing to take back."""

    code = "consent-not-given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One agreement of one person; kept as proof after it was withdrawn."""

    purpose: str
    version: str
    granted_at: datetime
    withdrawn_at: datetime | None = None


def require(purpose: Purpose, given: Mapping[str, Any] | None) -> str:
    """The version agreed to; raises ConsentRequired unless it is the one shown today."""
    if not given or given["granted"] is not True:
        raise ConsentRequired
    if given["version"] != purpose.version:
        raise ConsentRequired(f"The wording has changed; the present version is {purpose.version}")
    return purpose.version
