"""What the world hears of a response: band, risk and care, never answers or scores."""

from services.assessment.care.definition import CarePolicy
from services.assessment.responses.domain import Response
from services.contracts.assessment import ResponseCompletedV1


def response_completed(response: Response, policy: CarePolicy) -> ResponseCompletedV1:
    """The event."""
    result = response.result
    return ResponseCompletedV1(
        response=response.id,
        person=response.person,
        instrument=response.instrument,
        version=response.version,
        band=result.band,
        risk=result.risk,
        care_level=result.care_level,
        policy=policy.pin,
        case=result.case,
        campaign=response.campaign,
    )
