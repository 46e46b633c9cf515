"""Routes whose every refusal and failure carries the help card."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from services.assessment.cases.usecases import flag_document
from services.assessment.instruments.words import Language
from services.assessment.language import language_of
from services.assessment.refusals import tell_of
from services.assessment.support.card import read_card
from services.assessment.support.schemas import SupportedProblemSchema
from services.chassis.container import HuixinWorkerContext
from services.chassis.http import HttpEntrypoint, Response
from services.chassis.idempotency import IdempotencyKeyReused
from services.chassis.request import Request
from services.contracts.assessment import FlagSource


class SupportedEntrypoint(HttpEntrypoint):
    """A route a person in distress may be on: no answer of it comes without help.

    `hears` names what a route's answers come from: a critical one among them is heard also where
    the chassis refuses the request before its method runs.
    """

    problem_schema = SupportedProblemSchema

    def __init__(
        self, method: str, url: str, *, hears: FlagSource | None = None, **options: Any
    ) -> None:
        super().__init__(method, url, **options)
        self.hears = hears

    def setup(self) -> None:
        """Read the card; then register the route."""
        card = read_card(self.container.runtime.settings.support_card)
        languages: tuple[Language, ...] = ("zh", "en")
        cards = {language: {"support": card.within(language)} for language in languages}

        def members(request: Request) -> Mapping[str, Any]:
            return cards[language_of(request)]

        self.problem_members = members
        super().setup()

    def call(self, worker: HuixinWorkerContext, method: Callable[..., Any]) -> Response:
        """In the worker; a used idempotency key, or no database to look it up in, hides nothing."""
        ran = False

        def noted(*args: Any, **values: Any) -> Any:
            nonlocal ran
            ran = True
            return method(*args, **values)

        try:
            return super().call(worker, noted)
        except (IdempotencyKeyReused, SQLAlchemyError):
            if ran or self.hears is None:
                raise
            tell_of(self._hear(worker, self.hears), worker.args[0])
            raise

    def _hear(self, worker: HuixinWorkerContext, source: FlagSource) -> UUID | None:
        request, service, transaction = worker.args[0], worker.service, worker.transaction
        if transaction is not None:
            transaction.abandon()
            transaction.held = False
        return flag_document(
            request.json() if request.body else {},
            by=request.principal,
            source=source,
            uow=service.uow,
            materials=service.materials,
            alarm=service.alarm,
        )


supported_http = SupportedEntrypoint.decorator
