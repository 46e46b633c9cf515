"""Routes of instruments: what can be answered, and the format new ones are written in."""

from typing import Any

from services.assessment.instruments.catalogue import InstrumentNotFound, json_schema
from services.assessment.instruments.schemas import (
    InstrumentPageSchema,
    InstrumentSchema,
    InstrumentsQuerySchema,
)
from services.assessment.instruments.views import detailed, listed, managed
from services.assessment.language import language_of
from services.assessment.materials import Materials
from services.assessment.support.entrypoint import supported_http
from services.assessment.wiring import MaterialsProvider
from services.chassis.errors import NotAllowed, NotAuthenticated
from services.chassis.http import Request, http

PATH = "/api/assessment/v1/instruments"


class InstrumentEntrypoints:
    """The scales."""

    materials: Materials = MaterialsProvider()

    @supported_http(
        "GET",
        PATH,
        action=None,
        query=InstrumentsQuerySchema,
        answer=InstrumentPageSchema,
        summary="The scales that can be answered in this language, or all there are",
        errors=(NotAuthenticated, NotAllowed),
    )
    def list_instruments(self, request: Request) -> dict[str, Any]:
        """On one page."""
        language, catalogue = language_of(request), self.materials.catalogue
        if request.query["all"]:
            request.require("instrument.manage")
            items = [managed(edition, language) for edition in catalogue.every()]
        else:
            items = [listed(each, language) for each in catalogue if language in each.languages]
        return {"items": items, "next": None}

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
