"""What the routes of cases share: their paths, what any of them may refuse, and who calls."""

from typing import Any

from services.booking.cases.errors import CaseIsClosed, NoSuchCase
from services.chassis.access import Scope
from services.chassis.http import Request

CASES = "/api/booking/v1/cases"
CASE = f"{CASES}/<uuid:case_id>"
KNOWN = (NoSuchCase, CaseIsClosed)


def caller_of(request: Request) -> dict[str, Any]:
    """Who acts, and whether they reach only people in their care."""
    return {
        "by": request.principal.person,
        "in_care_only": request.scope is not Scope.CITY,
    }
