"""Routes of the expert pool."""

from typing import Any
from uuid import UUID

from services.booking.availability.layout import Layout
from services.booking.experts.domain import (
    Counsellor,
    CounsellorAlreadyRegistered,
    CounsellorNotFound,
    UnknownSite,
)
from services.booking.experts.queries import list_counsellors, list_terms, one_counsellor
from services.booking.experts.schemas import (
    ChangeCounsellorSchema,
    CounsellorListSchema,
    CounsellorQuerySchema,
    CounsellorSchema,
    CounsellorTermsListSchema,
    CounsellorTermsSchema,
    RegisterCounsellorSchema,
)
from services.booking.experts.usecases import (
    ChangeCounsellor,
    RegisterCounsellor,
    change_counsellor,
    register_counsellor,
)
from services.booking.sites.domain import OutsideYourUnit
from services.booking.staff import NotSuchStaff, Staff
from services.booking.wiring import (
    BookingUnitOfWork,
    BookingUnitOfWorkProvider,
    LayoutProvider,
    StaffProvider,
)
from services.chassis.clock import Clock
from services.chassis.container import ClockProvider
from services.chassis.database import Database, DatabaseProvider
from services.chassis.http import Request, http
from services.chassis.peers import PeerUnavailable

COUNSELLORS = "/api/booking/v1/counsellors"
COUNSELLOR = f"{COUNSELLORS}/<uuid:counsellor_id>"


class ExpertEntrypoints:
    """Counsellors by pseudonym: what they offer, and their terms."""

    uow: BookingUnitOfWork = BookingUnitOfWorkProvider()
    database: Database = DatabaseProvider()
    clock: Clock = ClockProvider()
    layout: Layout = LayoutProvider()
    staff: Staff = StaffProvider()

    @http(
        "GET",
        COUNSELLORS,
        action="counsellor.list",
        query=CounsellorQuerySchema,
        answer=CounsellorListSchema,
        summary="Counsellors",
    )
    def list_counsellors(self, request: Request) -> dict[str, Any]:
        """Those who work."""
        with self.database.reading() as connection:
            return list_counsellors(connection, request.query)

    @http(
        "GET",
        COUNSELLOR,
        action="counsellor.list",
        answer=CounsellorSchema,
        errors=(CounsellorNotFound,),
        summary="A counsellor",
    )
    def show_counsellor(self, _request: Request, counsellor_id: UUID) -> dict[str, Any]:
        """One who works."""
        with self.database.reading() as connection:
            return one_counsellor(connection, counsellor_id)

    @http(
        "GET",
        "/api/booking/v1/counsellor-terms",
        action="counsellor.write",
        query=CounsellorQuerySchema,
        answer=CounsellorTermsListSchema,
        summary="Counsellors of the subtree with their terms",
    )
    def list_terms(self, request: Request) -> dict[str, Any]:
        """Also those who no longer work."""
        with self.database.reading() as connection:
            return list_terms(connection, request.query, request.principal)

    @http(
        "POST",
        COUNSELLORS,
        action="counsellor.write",
        body=RegisterCounsellorSchema,
        answer=CounsellorTermsSchema,
        status=201,
        errors=(
            OutsideYourUnit,
            NotSuchStaff,
            UnknownSite,
            CounsellorAlreadyRegistered,
            PeerUnavailable,
        ),
        summary="Register a counsellor",
    )
    def register_counsellor(self, request: Request) -> Counsellor:
        """A person that accounts knows joins the pool."""
        terms = dict(request.data)
        counsellor = Counsellor(id=terms.pop("person"), **terms)
        command = RegisterCounsellor(counsellor=counsellor, by=request.principal)
        return register_counsellor(command, uow=self.uow, staff=self.staff)

    @http(
        "PATCH",
        COUNSELLOR,
        action="counsellor.write",
        body=ChangeCounsellorSchema,
        answer=CounsellorTermsSchema,
        errors=(CounsellorNotFound, OutsideYourUnit, UnknownSite),
        summary="Change a counsellor's terms",
    )
    def change_counsellor(self, request: Request, counsellor_id: UUID) -> Counsellor:
        """Slots to come follow at once; what is taken stays."""
        command = ChangeCounsellor(
            counsellor=counsellor_id, by=request.principal, changes=request.data
        )
        return change_counsellor(command, uow=self.uow, clock=self.clock, layout=self.layout)
