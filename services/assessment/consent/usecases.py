"""Agreeing to a purpose and taking it back; both are kept as proof and told to the others."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.assessment.consent.domain import Consent, ConsentNotGiven
from services.assessment.consent.publishing import consent_granted, consent_withdrawn
from services.assessment.consent.texts import SCREENING, Purpose
from services.assessment.ports import Work
from services.chassis.access import Principal


def agree(purpose: Purpose, *, by: Principal, uow: Work) -> None:
    """Inside an open unit of work: note the agreement where it is new."""
    if uow.consents.grant(by.person, purpose):
        uow.publish(consent_granted(by.person, purpose), unit=by.unit)


def grant_consent(purpose: Purpose, *, by: Principal, uow: Work) -> None:
    """Agree to one purpose by itself."""
    with uow:
        agree(purpose, by=by, uow=uow)
        uow.commit()


def withdraw_consent(purpose: Purpose, *, by: Principal, uow: Work) -> None:
    """Take it back, with effect in this transaction; raises ConsentNotGiven."""
    with uow:
        versions = uow.consents.withdraw(by.person, purpose.id)
        if not versions:
            raise ConsentNotGiven
        if purpose.id == SCREENING:
            uow.sittings.discard(by.person)
        for version in versions:
            uow.publish(consent_withdrawn(by.person, purpose.id, version), unit=by.unit)
        uow.commit()


def read_consents(person: UUID, *, uow: Work) -> Mapping[str, Consent]:
    """The person's newest agreement to each purpose."""
    with uow:
        found: Sequence[Consent] = uow.consents.latest(person)
        uow.audit("consent.read", "own", person)
        uow.commit()
    return {consent.purpose: consent for consent in found}
