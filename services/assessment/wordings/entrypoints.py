"""Routes of imports, for the clinical lead."""

from collections.abc import Mapping
from typing import Any

from services.assessment.instruments.catalogue import InstrumentNotFound
from services.assessment.instruments.entrypoints import PATH
from services.assessment.instruments.schemas import InstrumentLineSchema
from services.assessment.instruments.views import managed
from services.assessment.language import language_of
from services.assessment.materials import Materials
from services.assessment.ports import Work
from services.assessment.wiring import (
    AssessmentUnitOfWorkProvider,
    MaterialsProvider,
)
from services.assessment.wordings.domain import (
    Right,
    RightNotConfirmed,
    UnusableDefinition,
    VersionNotNewer,
)
from services.assessment.wordings.questionnaire import definition_of, words_of
from services.assessment.wordings.schemas import ImportSchema, WordingQuerySchema
from services.assessment.wordings.usecases import import_instrument
from services.assessment.wordings.words import worded
from services.chassis.files import XLSX, UnreadableFile, UnsafeFile
from services.chassis.http import Request, http

MANAGE = "instrument.manage"
LARGEST_DEFINITION = 256 * 1024
REFUSED = (RightNotConfirmed, UnusableDefinition, VersionNotNewer)


class WordingEntrypoints:
    """Whoever imports says by what right, and is on record."""

    uow: Work = AssessmentUnitOfWorkProvider()
    materials: Materials = MaterialsProvider()

    @http(
        "POST",
        PATH,
        action=MANAGE,
        body=ImportSchema,
        answer=InstrumentLineSchema,
        status=201,
        limit=LARGEST_DEFINITION,
        summary="Import an instrument as a definition or a FHIR Questionnaire",
        errors=REFUSED,
    )
    def import_instrument(self, request: Request) -> dict[str, Any]:
        """A definition is taken as it is; of a Questionnaire the words, where we know the scale."""
        wanted = request.data
        right = _right(request, wanted["right"])
        definition = wanted["definition"]
        if definition is None:
            present = self.materials.catalogue.newest(wanted["instrument"])
            told = wanted["questionnaire"]
            definition = (
                worded(present, words_of(told, present))
                if present is not None and present.items
                else definition_of(told, wanted["instrument"])
            )
        return self._import(request, definition, right)

    @http(
        "POST",
        f"{PATH}/<instrument_id>/wording",
        action=MANAGE,
        query=WordingQuerySchema,
        answer=InstrumentLineSchema,
        status=201,
        files=(XLSX,),
        limit=LARGEST_DEFINITION,
        summary="Import the words of an instrument from a workbook",
        errors=(*REFUSED, InstrumentNotFound, UnreadableFile, UnsafeFile),
    )
    def import_wording(self, request: Request, instrument_id: str) -> dict[str, Any]:
        """Sheet one: link_id, zh, en (and `stem`). Sheet two: options, score, zh, en."""
        # openpyxl is large; a service that never imports need not load it.
        from services.assessment.wordings.workbook import read_words

        right = _right(request, request.query)
        present = self.materials.catalogue.edition(instrument_id).instrument
        return self._import(request, worded(present, read_words(request.body)), right)

    def _import(
        self, request: Request, definition: Mapping[str, Any], right: Right
    ) -> dict[str, Any]:
        made = import_instrument(definition, right, materials=self.materials, uow=self.uow)
        return managed(self.materials.catalogue.edition(made.id), language_of(request))


def _right(request: Request, said: Mapping[str, Any]) -> Right:
    if not said["confirmed"]:
        raise RightNotConfirmed
    return Right(said["statement"], request.principal.person)
