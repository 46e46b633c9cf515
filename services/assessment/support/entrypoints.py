"""The help card by itself, for every page and for keeping offline."""

from services.assessment.language import language_of
from services.assessment.materials import Materials
from services.assessment.responses.schemas import SupportSchema
from services.assessment.support.entrypoint import supported_http
from services.assessment.wiring import MaterialsProvider
from services.chassis.http import Request, Response, json_response

KEPT_SECONDS = 3600


class SupportEntrypoints:
    """Whom to call."""

    materials: Materials = MaterialsProvider()

    @supported_http(
        "GET",
        "/api/assessment/v1/support",
        action=None,
        pool="crisis",
        answer=SupportSchema,
        summary="The help card",
    )
    def get_support(self, request: Request) -> Response:
        """The same for everybody, so it may be cached."""
        headers = {"Cache-Control": f"public, max-age={KEPT_SECONDS}", "Vary": "Accept-Language"}
        return json_response(self.materials.support.within(language_of(request)), headers=headers)
