"""What the assessment service needs to know, beside what every service does."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from services.chassis.settings import KeeperSettings, setting


def _days(text: str) -> timedelta:
    return timedelta(days=float(text))


def _minutes(text: str) -> timedelta:
    return timedelta(minutes=float(text))


@dataclass(frozen=True, kw_only=True)
class AssessmentSettings(KeeperSettings):
    """Files replace the ones that are shipped; the care policy has to be a signed one."""

    instruments: Path | None = setting("ASSESSMENT_INSTRUMENTS", default=None, parse=Path)
    care_policy: Path | None = setting("ASSESSMENT_CARE_POLICY", default=None, parse=Path)
    consent_texts: Path | None = setting("ASSESSMENT_CONSENT_TEXTS", default=None, parse=Path)
    support_card: Path | None = setting("ASSESSMENT_SUPPORT_CARD", default=None, parse=Path)
    sittings_kept: timedelta = setting("ASSESSMENT_SITTING_DAYS", default="7", parse=_days)
    help_grouped: timedelta = setting("ASSESSMENT_HELP_MINUTES", default="10", parse=_minutes)
    quizzes_kept: timedelta = setting("ASSESSMENT_QUIZ_DAYS", default="180", parse=_days)
