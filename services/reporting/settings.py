"""What the reporting service is told by its environment."""

from dataclasses import dataclass
from datetime import timedelta

from services.chassis.settings import KeeperSettings, setting
from services.reporting.suppression.rules import DEFAULT_MINIMUM, Rules


def _rules(text: str) -> Rules:
    return Rules(int(text))


@dataclass(frozen=True, kw_only=True)
class ReportingSettings(KeeperSettings):
    """`rules`: the minimum group, never below the floor. `city`: where events without a unit
    are counted. Months close `grace` after their end, once nothing of them came in for `settle`.
    """

    rules: Rules = setting("REPORTING_MINIMUM_GROUP", default=str(DEFAULT_MINIMUM), parse=_rules)
    city: str = setting("REPORTING_CITY", "HUIXIN_CITY", default="wh")
    grace_hours: int = setting("REPORTING_GRACE_HOURS", default=24, parse=int)
    settle_minutes: int = setting("REPORTING_SETTLE_MINUTES", default=10, parse=int)

    @property
    def grace(self) -> timedelta:
        """How long after its end a month closes at the earliest."""
        return timedelta(hours=self.grace_hours)

    @property
    def settle(self) -> timedelta:
        """How long nothing of a month may have come in before it closes."""
        return timedelta(minutes=self.settle_minutes)
