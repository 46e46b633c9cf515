"""Routes of instruments: what can be answered, and the format new ones are written in."""

from typing import Any

from services.assessment.instruments.catalogue import InstrumentNotFound, json_schema
from services.assessment.instruments.schemas import InstrumentPageSchema, InstrumentSchema
from services.assessment.instruments.views import detailed, listed
from services.assessment.language import language_of
from services.assessment.materials import Materials
from services.assessment.support.entrypoint import supported_http
from services.assessment.wiring import MaterialsProvider
from services.chassis.http import Request, http

PATH = "/api/assessment/v1/instruments"


class InstrumentEntrypoints:
    """The scales."""

    materials: Materials = MaterialsProvider()

    @supported_http(
        "GET", PATH, action=None, answer=InstrumentPageSchema, summary="The scales there are"
    )
    def list_instruments(self, request: Request) -> dict[str, Any]:
        """All of them on one page."""
        language = language_of(request)
        return {
            "items": [listed(edition, language) for edition in self.materials.catalogue],
            "next": None,
        }

    @supported_http(
        "GET",
        f"{PATH}/<instrument_id>",
        action=None,
        answer=InstrumentSchema,
        summary="A scale with its questions and the consent it asks for",
        errors=(InstrumentNotFound,),
    )
    def get_instrument(self, request: Request, instrument_id: str) -> dict[str, Any]:
        """In Chinese, or in English where the browser prefers it."""
        edition = self.materials.catalogue.get(instrument_id)
        return detailed(edition, self.materials.consent.screening, language_of(request))

    @http(
        "GET",
        "/api/assessment/v1/instrument-schema.json",
        action=None,
        summary="JSON Schema of the instrument files",
    )
    def get_schema(self, _request: Request) -> dict[str, Any]:
        """What a new instrument has to look like."""
        return json_schema()
