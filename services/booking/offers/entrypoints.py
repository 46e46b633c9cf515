"""Routes, events and clocks of offers."""

from typing import Any
from uuid import UUID

from services.booking.cases.policy import CrisisPolicy
from services.booking.cases.usecases.open_care_case import consider_response
from services.booking.offers.domain import (
    OfferAlreadyAccepted,
    OfferAlreadyDeclined,
    OfferExpired,
    OfferNotFound,
)
from services.booking.offers.policy import NO_CARE, OfferPolicy
from services.booking.offers.queries import list_offers, one_offer
from services.booking.offers.schemas import OfferListSchema, OfferQuerySchema, OfferSchema
from services.booking.offers.usecases import (
    DeclineOffer,
    LookAfterOffer,
    answer_response,
    decline_offer,
    look_after_offer,
)
from services.booking.wiring import (
    BookingUnitOfWork,
    BookingUnitOfWorkProvider,
    CrisisPolicyProvider,
    OfferPolicyProvider,
)
from services.chassis.clock import Clock
from services.chassis.container import ClockProvider
from services.chassis.database import Database, DatabaseProvider
from services.chassis.http import Request, http
from services.chassis.subscribe import subscribe
from services.chassis.timers import DueTimer, on_due
from services.contracts.assessment import ResponseCompletedV1
from services.contracts.envelope import Envelope

OFFERS = "/api/booking/v1/offers"
OFFER = f"{OFFERS}/<uuid:offer_id>"


def _advises_care(event: Envelope) -> bool:
    return not isinstance(event.data, ResponseCompletedV1) or event.data.care_level > NO_CARE


class OfferEntrypoints:
    """Offers of counselling."""

    uow: BookingUnitOfWork = BookingUnitOfWorkProvider()
    database: Database = DatabaseProvider()
    clock: Clock = ClockProvider()
    offer_policy: OfferPolicy = OfferPolicyProvider()
    crisis_policy: CrisisPolicy = CrisisPolicyProvider()

    @http(
        "GET",
        OFFERS,
        action="offer.list",
        query=OfferQuerySchema,
        answer=OfferListSchema,
        summary="One's own offers, newest first",
    )
    def list_offers(self, request: Request) -> dict[str, Any]:
        """The caller's own."""
        person = request.principal.person
        with self.database.reading() as connection:
            return list_offers(connection, person, request.query, self.clock.now())

    @http(
        "GET",
        OFFER,
        action="offer.list",
        answer=OfferSchema,
        errors=(OfferNotFound,),
        summary="One of one's own offers",
    )
    def show_offer(self, request: Request, offer_id: UUID) -> dict[str, Any]:
        """The caller's own."""
        with self.database.reading() as connection:
            return one_offer(connection, request.principal.person, offer_id, self.clock.now())

    @http(
        "POST",
        f"{OFFER}/decline",
        action="offer.decline",
        answer=OfferSchema,
        errors=(OfferNotFound, OfferAlreadyAccepted, OfferAlreadyDeclined, OfferExpired),
        summary="Say no to an offer",
    )
    def decline_offer(self, request: Request, offer_id: UUID) -> dict[str, Any]:
        """A slot that was held is free again."""
        command = DeclineOffer(offer=offer_id, by=request.principal.person)
        offer = decline_offer(command, uow=self.uow, clock=self.clock)
        return {name: value for name, value in vars(offer).items() if value is not None}

    @subscribe("booking.response-completed", concerns=_advises_care)
    def on_response_completed(self, event: Envelope) -> None:
        """A result may lead to an offer, and to a care case."""
        answer_response(event, uow=self.uow, clock=self.clock, policy=self.offer_policy)
        consider_response(event, uow=self.uow, policy=self.crisis_policy)

    @on_due("offer-due")
    def on_offer_due(self, timer: DueTimer) -> None:
        """The offer expires, or the slot held for it is about to start."""
        self._look_after(timer)

    @on_due("offer-hold-lost")
    def on_hold_lost(self, timer: DueTimer) -> None:
        """The counsellor's plan changed under an offer."""
        self._look_after(timer)

    def _look_after(self, timer: DueTimer) -> None:
        command = LookAfterOffer(offer=UUID(timer.payload["offer"]))
        look_after_offer(command, uow=self.uow, policy=self.offer_policy)
