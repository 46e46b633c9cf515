"""The officers on duty: they take some of the cases, and bring a few of them to an end."""

from typing import Any

from tests.faults.harness.load.client import Call, Callers
from tests.faults.harness.load.writing import Writing

CASES = "/api/booking/v1/cases"
REACHED = {"channel": "phone", "reached": True, "note": "synthetic note of a talk"}
PLAN = {"plan": "synthetic safety plan"}


class Officers:
    """What an officer does next with a case follows from its state."""

    def __init__(self, callers: Callers, writing: Writing) -> None:
        self._callers, self._write = callers, writing

    def look(self, officer: str, dice: float) -> None:
        """Read the queue, and do the next step of one of its cases."""
        cases = self._callers.items(CASES, officer, limit=20)
        if not cases:
            return
        case = cases[int(dice * len(cases))]
        what, step, body = _next(case)
        call = Call(method="POST", path=f"{CASES}/{case['id']}/{step}", person=officer, body=body)
        self._write(call, what, about=case["id"])


def _next(case: dict[str, Any]) -> tuple[str, str, Any]:
    if case.get("close_requested_by"):
        return "closed", "confirm-close", {}
    match case["state"]:
        case "opened" | "escalated":
            return "acknowledged", "acknowledge", {}
        case "acknowledged":
            return "contacted", "contacts", REACHED
        case "contacted":
            return "planned", "plan", PLAN
        case _:
            return "close-asked", "close", {"reason": "resolved"}
