"""A crisis signal opens the person's case, or joins it; booking's closing ends it here too."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from services.assessment.care.definition import CarePolicy
from services.assessment.care.levels import crisis_flags
from services.assessment.cases.domain import Flag
from services.assessment.cases.publishing import risk_flagged
from services.assessment.instruments.definition import Instrument
from services.assessment.materials import Materials
from services.assessment.ports import Work
from services.chassis.access import Principal
from services.contracts.assessment import FlagSource


def flag_document(
    document: object, *, by: Principal, source: FlagSource, uow: Work, materials: Materials
) -> UUID | None:
    """Open the case for a critical answer in anything that was sent, and commit at once.

    Whatever becomes of the rest of the request, the case stands. Returns its id, or None.
    """
    edition = materials.catalogue.find(_member(document, "instrument"))
    if edition is None:
        return None
    rules = flags_in(document, edition.instrument, materials.policy)
    if not rules:
        return None
    with uow:
        case = raise_flags(rules, by=by, source=source, uow=uow, policy=materials.policy)
        uow.commit()
    return case


def flags_in(document: object, instrument: Instrument, policy: CarePolicy) -> tuple[str, ...]:
    """The crisis flags of the valid critical answers under `answers`, if there is such a thing."""
    answers = _member(document, "answers")
    return crisis_flags(instrument, policy, answers) if isinstance(answers, Mapping) else ()


def raise_flags(
    rules: tuple[str, ...], *, by: Principal, source: FlagSource, uow: Work, policy: CarePolicy
) -> UUID:
    """Raise these flags inside an open unit of work; returns the id of the person's case."""
    case = uuid4()
    for rule in rules:
        flag = Flag(id=uuid4(), case=case, person=by.person, unit=by.unit, source=source, rule=rule)
        case = raise_flag(flag, uow=uow, policy=policy)
    return case


def raise_flag(flag: Flag, *, uow: Work, policy: CarePolicy) -> UUID:
    """Join the person's open case, or open one; booking hears of every signal."""
    case = uow.cases.join(flag)
    uow.publish(risk_flagged(flag, case, policy), unit=flag.unit, urgent=True)
    return case


def close_case(case: UUID, closed_at: datetime, *, uow: Work) -> None:
    """Booking closed it; a signal that came after that keeps it open, as booking re-opens it."""
    with uow:
        uow.cases.close(case, closed_at)
        uow.commit()


def _member(document: object, name: str) -> object:
    return document.get(name) if isinstance(document, Mapping) else None
