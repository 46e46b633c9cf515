"""Some answers of a sitting are saved; whatever else is wrong, a critical one is heard."""

from collections.abc import Mapping
from uuid import UUID

from services.assessment.cases.usecases import flags_in, raise_flags
from services.assessment.materials import Materials
from services.assessment.ports import Work
from services.assessment.refusals import telling_of
from services.assessment.responses.domain import edition_of, refuse
from services.assessment.scoring.answers import problems_of
from services.assessment.sittings.domain import Sitting
from services.chassis.access import Principal
from services.contracts.assessment import FlagSource


def hear_sitting(
    sitting_id: UUID, document: object, *, by: Principal, uow: Work, materials: Materials
) -> Sitting:
    """Raise the crisis flags of what was sent, before any of it can be refused, and commit.

    Raises SittingNotFound. Each flag is raised once in a sitting.
    """
    with uow:
        sitting = uow.sittings.get(sitting_id, by.person)
        edition = edition_of(materials.catalogue, sitting.instrument)
        found = flags_in(document, edition.instrument, materials.policy)
        new = tuple(flag for flag in found if flag not in sitting.flags)
        if new:
            source = FlagSource.SITTING
            case = raise_flags(new, by=by, source=source, uow=uow, policy=materials.policy)
            sitting = sitting.flagged(new, case)
            uow.sittings.save(sitting)
        uow.commit()
    return sitting


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
        with telling_of(sitting.case):
            sitting.check_open(instrument.version)
            refuse(problems_of(instrument, answers, complete=False))
        sitting = sitting.answered(answers)
        uow.sittings.save(sitting)
        uow.commit()
    return sitting
