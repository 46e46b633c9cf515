"""What the world hears of a crisis signal: that it is one, whose, and under which case."""

from uuid import UUID

from services.assessment.care.definition import CarePolicy
from services.assessment.cases.domain import Flag
from services.contracts.assessment import RiskFlaggedV1


def risk_flagged(flag: Flag, case: UUID, policy: CarePolicy) -> RiskFlaggedV1:
    """The event; it is published as urgent, so that it does not depend on the broker."""
    return RiskFlaggedV1(
        flag=flag.id,
        case=case,
        person=flag.person,
        source=flag.source,
        rule=flag.rule,
        policy=policy.pin,
        acute=flag.rule in policy.crisis.acute_flags,
        callback=flag.callback,
    )
