"""What the world hears of consent."""

from uuid import UUID

from services.assessment.consent.texts import Purpose
from services.contracts.assessment import ConsentGrantedV1, ConsentWithdrawnV1


def consent_granted(person: UUID, purpose: Purpose) -> ConsentGrantedV1:
    """To the present wording."""
    return ConsentGrantedV1(person=person, purpose=purpose.id, version=purpose.version)


def consent_withdrawn(person: UUID, purpose_id: str, version: str) -> ConsentWithdrawnV1:
    """From the wording that was agreed to."""
    return ConsentWithdrawnV1(person=person, purpose=purpose_id, version=version)
