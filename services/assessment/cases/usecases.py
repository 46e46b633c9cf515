"""A crisis signal opens the person's case, or joins it; booking's closing ends it here too."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from services.assessment.care.definition import CarePolicy
from services.assessment.care.levels import critical_answers
from services.assessment.cases.domain import Flag
from services.assessment.cases.publishing import risk_flagged
from services.assessment.instruments.definition import Critical, Instrument
from services.assessment.materials import Materials
from services.assessment.ports import Alarm, Work
from services.chassis.access import Principal
from services.contracts.assessment import FlagSource

Heard = Sequence[tuple[Critical, int]]


def flag_document(
    document: object,
    *,
    by: Principal,
    source: FlagSource,
    uow: Work,
    materials: Materials,
    alarm: Alarm,
) -> UUID | None:
    """Open the case for a critical answer in anything that was sent, and commit at once.

    Whatever becomes of the rest of the request, the case stands. Returns its id, or None.
    Raises NotKept where storage is away and booking was told directly.
    """
    edition = materials.catalogue.find(_member(document, "instrument"))
    heard = heard_in(document, edition.instrument if edition else None, materials)
    if not heard:
        return None
    flags = minted(heard, by=by, source=source)

    def keep() -> UUID:
        with uow.apart() as work:
            case = raise_flags(flags, uow=work, policy=materials.policy)
            work.commit()
        return case

    return alarm.insist(keep, flags, materials.policy)


def heard_in(document: object, instrument: Instrument | None, materials: Materials) -> Heard:
    """The valid critical answers under `answers`, if there is such a thing.

    Where nobody knows of which scale, those of any: a false alarm is better than silence.
    """
    answers = _member(document, "answers")
    if not isinstance(answers, Mapping):
        return ()
    asked = [instrument] if instrument else [each.instrument for each in materials.catalogue]
    return [found for each in asked for found in critical_answers(each, materials.policy, answers)]


def minted(heard: Heard, *, by: Principal, source: FlagSource) -> list[Flag]:
    """A flag for each rule, once; their ids stay however often keeping them is tried."""
    case = uuid4()
    rules = dict.fromkeys(critical.flag for critical, _ in heard)
    return [
        Flag(id=uuid4(), case=case, person=by.person, unit=by.unit, source=source, rule=rule)
        for rule in rules
    ]


def raise_flags(flags: Sequence[Flag], *, uow: Work, policy: CarePolicy) -> UUID:
    """Raise these flags inside an open unit of work; returns the id of the person's case."""
    case = flags[0].case
    for flag in flags:
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
