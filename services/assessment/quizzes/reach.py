"""How far an administrator of quizzes reaches: their unit and what lies below it, or the city."""

from services.chassis.access import Principal, Scope
from services.chassis.errors import NotAllowed

ACTION = "quiz.write"


class OutsideYourUnit(NotAllowed):
    """The unit lies outside the subtree the caller administers."""

    code = "outside-your-unit"


def reach_of(by: Principal) -> str | None:
    """The top of the subtree; None: the whole city."""
    return None if by.scope_of(ACTION) is Scope.CITY else by.unit


def require_reach(by: Principal, *units: str) -> None:
    """Raise OutsideYourUnit unless all of these are the administrator's."""
    for unit in units:
        if reach_of(by) is not None and not by.covers(unit):
            raise OutsideYourUnit(f"{unit} does not belong to {by.unit}")
