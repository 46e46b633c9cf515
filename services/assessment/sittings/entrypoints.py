"""Routes of sittings: begin, save page by page, come back, hand in."""

from typing import Any
from uuid import UUID, uuid4

from marshmallow import RAISE

from services.assessment.cases.domain import NotKept
from services.assessment.cases.usecases import flag_document
from services.assessment.consent.domain import ConsentRequired
from services.assessment.language import language_of
from services.assessment.materials import Materials
from services.assessment.ports import Alarm, Work
from services.assessment.refusals import tell_of
from services.assessment.responses.domain import AnswersRefused, UnknownInstrument
from services.assessment.responses.schemas import AnswerSchema
from services.assessment.responses.views import answer_of
from services.assessment.settings import AssessmentSettings
from services.assessment.sittings.domain import (
    InstrumentChanged,
    Sitting,
    SittingNotFound,
    SittingSubmitted,
)
from services.assessment.sittings.schemas import (
    SaveAnswersSchema,
    SittingSchema,
    StartSittingSchema,
    SubmitSittingSchema,
)
from services.assessment.sittings.usecases.read_sitting import forget_old_sittings, read_sitting
from services.assessment.sittings.usecases.save_answers import hear_sitting, save_answers
from services.assessment.sittings.usecases.start_sitting import StartSitting, start_sitting
from services.assessment.sittings.usecases.submit_sitting import SubmitSitting, submit_sitting
from services.assessment.support.entrypoint import supported_http
from services.assessment.wiring import (
    RESPONSES,
    AlarmProvider,
    AssessmentUnitOfWorkProvider,
    MaterialsProvider,
)
from services.chassis.container import SettingsProvider
from services.chassis.http import Request
from services.chassis.request import load
from services.chassis.timers import every
from services.contracts.assessment import FlagSource

PATH = "/api/assessment/v1/sittings"
START = StartSittingSchema(unknown=RAISE)
SAVE = SaveAnswersSchema(unknown=RAISE)
SUBMIT = SubmitSittingSchema(unknown=RAISE)


class SittingEntrypoints:
    """Answers page by page."""

    uow: Work = AssessmentUnitOfWorkProvider()
    materials: Materials = MaterialsProvider()
    alarm: Alarm = AlarmProvider()
    configured: AssessmentSettings = SettingsProvider()

    @supported_http(
        "POST",
        PATH,
        action="sitting.write",
        documents=StartSittingSchema,
        answer=SittingSchema,
        status=201,
        summary="Begin a scale page by page",
        hears=FlagSource.SITTING,
        errors=(UnknownInstrument, ConsentRequired, NotKept),
    )
    def start_sitting(self, request: Request) -> dict[str, Any]:
        """Answers do not belong here, but a critical one among them is heard."""
        document = request.json()
        case = flag_document(
            document,
            by=request.principal,
            source=FlagSource.SITTING,
            uow=self.uow,
            materials=self.materials,
            alarm=self.alarm,
        )
        tell_of(case, request)
        command = StartSitting(sitting=uuid4(), by=request.principal, **load(START, document))
        sitting = start_sitting(command, uow=self.uow, materials=self.materials)
        return self._shown(sitting, request)

    @supported_http(
        "GET",
        f"{PATH}/<uuid:sitting_id>",
        action="sitting.write",
        answer=SittingSchema,
        summary="Come back to a sitting",
        errors=(SittingNotFound,),
    )
    def get_sitting(self, request: Request, sitting_id: UUID) -> dict[str, Any]:
        """One's own only."""
        sitting = read_sitting(sitting_id, request.principal.person, uow=self.uow)
        return self._shown(sitting, request)

    @supported_http(
        "PATCH",
        f"{PATH}/<uuid:sitting_id>",
        action="sitting.write",
        documents=SaveAnswersSchema,
        answer=SittingSchema,
        summary="Save some answers",
        hears=FlagSource.SITTING,
        errors=(SittingNotFound, SittingSubmitted, InstrumentChanged, AnswersRefused, NotKept),
    )
    def save_answers(self, request: Request, sitting_id: UUID) -> dict[str, Any]:
        """Every save is looked at for a crisis before anything is refused."""
        document = request.json()
        heard = hear_sitting(
            sitting_id,
            document,
            by=request.principal,
            uow=self.uow,
            materials=self.materials,
            alarm=self.alarm,
        )
        tell_of(heard.case, request)
        answers = load(SAVE, document)["answers"]
        sitting = save_answers(
            sitting_id, answers, by=request.principal, uow=self.uow, materials=self.materials
        )
        return self._shown(sitting, request)

    @supported_http(
        "POST",
        f"{PATH}/<uuid:sitting_id>/submit",
        action="sitting.write",
        documents=SubmitSittingSchema,
        answer=AnswerSchema,
        status=201,
        summary="Hand a sitting in",
        hears=FlagSource.SITTING,
        errors=(SittingNotFound, SittingSubmitted, InstrumentChanged, AnswersRefused, NotKept),
    )
    def submit_sitting(self, request: Request, sitting_id: UUID) -> dict[str, Any]:
        """What was saved becomes a response."""
        document = request.json() if request.body else {}
        heard = hear_sitting(
            sitting_id,
            document,
            by=request.principal,
            uow=self.uow,
            materials=self.materials,
            alarm=self.alarm,
        )
        tell_of(heard.case, request)
        given = load(SUBMIT, document)
        command = SubmitSitting(sitting=sitting_id, response=uuid4(), by=request.principal, **given)
        response = submit_sitting(command, uow=self.uow, materials=self.materials)
        RESPONSES.labels(response.instrument).inc()
        return answer_of(response, self.materials, language_of(request))

    @every(seconds=3600, name="old-sittings")
    def forget_old_sittings(self) -> None:
        """Answers nobody handed in are not kept for ever."""
        forget_old_sittings(self.configured.sittings_kept, uow=self.uow)

    def _shown(self, sitting: Sitting, request: Request) -> dict[str, Any]:
        edition = self.materials.catalogue.find(sitting.instrument)
        document = {
            "id": sitting.id,
            "instrument": sitting.instrument,
            "version": sitting.version,
            "state": sitting.state,
            "answers": sitting.answers,
            "remaining": sitting.remaining(edition.instrument) if edition else [],
            "risk": sitting.risk,
            "support": self.materials.support.within(language_of(request)),
        }
        optional = {"case": sitting.case, "response": sitting.response}
        return document | {name: value for name, value in optional.items() if value is not None}
