"""Once a critical answer was heard, no answer to the request is without the case."""

from uuid import UUID

from services.chassis.request import Request


def tell_of(case: UUID | None, request: Request) -> None:
    """From here on every refusal or failure names the case that was opened, if one was."""
    if case is not None:
        request.problem_members["case"] = str(case)
