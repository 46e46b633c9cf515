"""Some answers of a sitting are saved; whatever else is wrong, a critical one is heard."""

from collections.abc import Mapping
from uuid import UUID

from services.assessment.cases.usecases import (
    Heard,
    flag_document,
    heard_in,
    minted,
    raise_flags,
)
from services.assessment.materials import Materials
from services.assessment.ports import Alarm, Work
from services.assessment.responses.domain import edition_of, refuse
from services.assessment.scoring.answers import problems_of
from services.assessment.sittings.domain import Sitting, SittingNotFound
from services.chassis.access import Principal
from services.contracts.assessment import FlagSource

SOURCE = FlagSource.SITTING


def hear_sitting(
    sitting_id: UUID,
    document: object,
    *,
    by: Principal,
    uow: Work,
    materials: Materials,
    alarm: Alarm,
) -> Sitting:
    """Raise the crisis flags of what was sent, before any of it can be refused, and commit.

    Raises SittingNotFound, but hears the answers then too, and NotKept.
    """
    anything = minted(heard_in(document, None, materials), by=by, source=SOURCE)

    def keep() -> Sitting:
        with uow.apart() if anything else uow as work:
            sitting = work.sittings.get(sitting_id, by.person)
            edition = materials.catalogue.find(sitting.instrument)
            heard = heard_in(document, edition.instrument if edition else None, materials)
            news = _news(heard, sitting, work)
            if news:
                rules = {critical.flag for critical, _ in news}
                flags = [flag for flag in anything if flag.rule in rules]
                case = raise_flags(flags, uow=work, policy=materials.policy)
                sitting = sitting.flagged(news, case)
                work.sittings.save(sitting)
            work.commit()
        return sitting

    try:
        return alarm.insist(keep, anything, materials.policy)
    except SittingNotFound as refusal:
        case = flag_document(
            document, by=by, source=SOURCE, uow=uow, materials=materials, alarm=alarm
        )
        if case is not None:
            refusal.members["case"] = str(case)
        raise


def _news(heard: Heard, sitting: Sitting, uow: Work) -> Heard:
    """What was not heard yet, or is worse now; all of it once the case was closed."""
    if sitting.case is not None and heard and not uow.cases.is_open(sitting.case):
        return heard
    return [(critical, value) for critical, value in heard if sitting.is_news(critical.item, value)]


def save_answers(
    sitting_id: UUID,
    answers: Mapping[str, int | None],
    *,
    by: Principal,
    uow: Work,
    materials: Materials,
) -> Sitting:
    """Raises SittingNotFound, SittingSubmitted, InstrumentChanged, AnswersRefused."""
    with uow:
        sitting = uow.sittings.get(sitting_id, by.person)
        instrument = edition_of(materials.catalogue, sitting.instrument).instrument
        sitting.check_open(instrument.version)
        refuse(problems_of(instrument, answers, complete=False))
        sitting = sitting.answered(answers)
        uow.sittings.save(sitting)
        uow.commit()
    return sitting
