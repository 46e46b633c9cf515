"""The data files the service works by, read and checked once when it starts."""

from dataclasses import dataclass

from services.assessment.care.definition import CarePolicy
from services.assessment.care.reading import DEFAULT as DEFAULT_POLICY
from services.assessment.care.reading import read_policy
from services.assessment.consent.texts import DEFAULT as DEFAULT_TEXTS
from services.assessment.consent.texts import ConsentTexts, read_texts
from services.assessment.instruments.catalogue import DATA, Catalogue, read_catalogue
from services.assessment.settings import AssessmentSettings
from services.assessment.support.card import SupportCard, read_card


@dataclass(frozen=True, slots=True, kw_only=True)
class Materials:
    """Instruments, what their results call for, what people are asked, and the help card."""

    catalogue: Catalogue
    policy: CarePolicy
    consent: ConsentTexts
    support: SupportCard


def read_materials(settings: AssessmentSettings) -> Materials:
    """Read every file; outside the embedded mode the care policy has to be signed."""
    catalogue = read_catalogue(settings.instruments or DATA)
    return Materials(
        catalogue=catalogue,
        policy=read_policy(
            settings.care_policy or DEFAULT_POLICY, catalogue, signed=not settings.embedded
        ),
        consent=read_texts(settings.consent_texts or DEFAULT_TEXTS),
        support=read_card(settings.support_card),
    )
