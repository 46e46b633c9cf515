"""Somebody asks for help: a case, a page to the duty, and their number kept for the call back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from services.assessment.care.definition import CarePolicy
from services.assessment.cases.domain import HELP_REQUEST, Flag
from services.assessment.cases.publishing import risk_flagged
from services.assessment.help_requests.domain import CaseNotFound, Earlier, HelpRequest, Received
from services.assessment.ports import Alarm, Work
from services.contracts.assessment import FlagSource


def ask_for_help(
    request: HelpRequest, *, uow: Work, alarm: Alarm, policy: CarePolicy, grouped: timedelta
) -> UUID:
    """Returns the case. A repeat within `grouped` that says nothing new is counted, not sent.

    Raises NotKept where storage is away and booking was told directly.
    """

    def keep() -> UUID:
        with uow:
            earlier = uow.help_requests.earlier(request, grouped)
            if earlier is not None and _is_repeat(request, earlier):
                uow.help_requests.repeat(earlier.id)
                case = earlier.case
            else:
                case = _raise(request, earlier, uow=uow, policy=policy)
            uow.commit()
        return case

    # Without storage there is no number that the duty could read.
    past_storage = replace(_flag(request), callback=False)
    return alarm.insist(keep, [past_storage], policy)


def read_help_requests(case: UUID, *, reason: str, uow: Work) -> Sequence[Received]:
    """The duty reads what was left under a case; raises CaseNotFound."""
    with uow:
        if not uow.cases.exists(case):
            raise CaseNotFound
        found = uow.help_requests.of_case(case)
        persons = {request.person for request in found} or {None}
        for person in persons:
            uow.audit("help-request.read", case, person, reason)
        uow.commit()
    return found


def _is_repeat(request: HelpRequest, earlier: Earlier) -> bool:
    nothing_new = earlier.same or not (request.phone or request.words)
    return earlier.recent and nothing_new


def _flag(request: HelpRequest) -> Flag:
    return Flag(
        id=request.id,
        case=request.case,
        person=request.person,
        unit=request.by.unit if request.by else "",
        source=FlagSource.HELP_REQUEST,
        rule=HELP_REQUEST,
        callback=bool(request.phone),
    )


def _raise(request: HelpRequest, earlier: Earlier | None, *, uow: Work, policy: CarePolicy) -> UUID:
    flag = _flag(request)
    if earlier is not None:
        case = earlier.case
        uow.cases.signal(case)
    else:
        case = uow.cases.join(flag)
    uow.help_requests.add(request, case)
    uow.publish(risk_flagged(flag, case, policy), unit=flag.unit, urgent=True)
    return case
