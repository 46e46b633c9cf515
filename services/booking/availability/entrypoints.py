"""Routes of availability and slots, and the sweep that keeps the horizon rolling."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from services.booking.availability.domain import (
    DayException,
    ExceptionNotFound,
    HoursRefused,
    WeeklyHours,
    arranges,
)
from services.booking.availability.layout import Layout
from services.booking.availability.queries import (
    DEFAULT_WINDOW,
    SlotQuery,
    slots_as_json,
)
from services.booking.availability.schemas import (
    ExceptionListSchema,
    ExceptionSchema,
    SlotListSchema,
    SlotQuerySchema,
    WeekSchema,
)
from services.booking.availability.storage import AvailabilityRepository
from services.booking.availability.usecases import (
    ACTION,
    AddException,
    RemoveException,
    SetHours,
    add_exception,
    extend_horizon,
    remove_exception,
    set_hours,
)
from services.booking.calendar import day_of
from services.booking.experts.domain import CounsellorNotFound
from services.booking.experts.queries import terms_of
from services.booking.wiring import (
    BookingUnitOfWork,
    BookingUnitOfWorkProvider,
    LayoutProvider,
)
from services.chassis.access import Role, Scope
from services.chassis.clock import Clock
from services.chassis.container import ClockProvider
from services.chassis.database import Database, DatabaseProvider
from services.chassis.http import Request, Response, http
from services.chassis.shared import SharedReads, SharedReadsProvider
from services.chassis.timers import every

COUNSELLOR = "/api/booking/v1/counsellors/<uuid:counsellor_id>"
HOURS = f"{COUNSELLOR}/availability"
EXCEPTIONS = f"{COUNSELLOR}/exceptions"


class AvailabilityEntrypoints:
    """When counsellors work, and the slots that follow from it."""

    uow: BookingUnitOfWork = BookingUnitOfWorkProvider()
    database: Database = DatabaseProvider()
    clock: Clock = ClockProvider()
    layout: Layout = LayoutProvider()
    shared: SharedReads = SharedReadsProvider()

    @http(
        "GET",
        "/api/booking/v1/slots",
        action="slot.list",
        query=SlotQuerySchema,
        answer=SlotListSchema,
        summary="Open slots, earliest first; what others do shows a second later at most",
    )
    def list_slots(self, request: Request) -> Response:
        """Those of the next 14 days, unless the query says otherwise; the own of a counsellor.

        Open slots are the same for all who ask the same, and very many do: they share a list,
        unless it holds a slot that is kept for the one who asks.
        """
        query, person = request.query, request.principal.person
        if request.scope is Scope.OWN and Role.WORKER not in request.principal.roles:
            query["counsellor"] = person
        read = partial(self._read_slots, query, person)
        shared = query["offer"] is None
        body = self.shared.get(("slots", frozenset(query.items())), read) if shared else read()
        return Response(body, mimetype="application/json")

    def _read_slots(self, query: Mapping[str, Any], person: UUID) -> bytes:
        now = self.clock.now()
        since = max(query["since"] or now, now)
        until = query["until"] or since + DEFAULT_WINDOW
        wanted = SlotQuery(**{**query, "since": since, "until": until}, person=person)
        with self.database.reading() as connection:
            return slots_as_json(connection, wanted)

    @http(
        "GET",
        HOURS,
        action=ACTION,
        answer=WeekSchema,
        errors=(CounsellorNotFound,),
        summary="A counsellor's week",
    )
    def show_hours(self, request: Request, counsellor_id: UUID) -> dict[str, Any]:
        """Own, or of the administrator's subtree."""
        with self.database.reading() as connection:
            arranges(request.principal, terms_of(connection, counsellor_id), ACTION)
            return {"items": AvailabilityRepository(connection).hours_of(counsellor_id)}

    @http(
        "PUT",
        HOURS,
        action=ACTION,
        body=WeekSchema,
        answer=WeekSchema,
        errors=(CounsellorNotFound, HoursRefused),
        summary="Replace a counsellor's week",
    )
    def set_hours(self, request: Request, counsellor_id: UUID) -> dict[str, Any]:
        """The slots follow at once; what is taken stays."""
        hours = [_hours(each) for each in request.data["items"]]
        command = SetHours(counsellor=counsellor_id, by=request.principal, hours=hours)
        kept = set_hours(command, uow=self.uow, clock=self.clock, layout=self.layout)
        return {"items": kept}

    @http(
        "GET",
        EXCEPTIONS,
        action=ACTION,
        answer=ExceptionListSchema,
        errors=(CounsellorNotFound,),
        summary="Days that differ from the week",
    )
    def list_exceptions(self, request: Request, counsellor_id: UUID) -> dict[str, Any]:
        """From today on."""
        today = day_of(self.clock.now())
        with self.database.reading() as connection:
            arranges(request.principal, terms_of(connection, counsellor_id), ACTION)
            found = AvailabilityRepository(connection).exceptions_of(counsellor_id, today)
        return {"items": found, "next": None}

    @http(
        "POST",
        EXCEPTIONS,
        action=ACTION,
        body=ExceptionSchema,
        answer=ExceptionSchema,
        status=201,
        errors=(CounsellorNotFound, HoursRefused),
        summary="Leave days or extra hours",
    )
    def add_exception(self, request: Request, counsellor_id: UUID) -> DayException:
        """The slots follow at once; what is taken stays."""
        fields = {**request.data, "modes": tuple(request.data["modes"])}
        exception = DayException(id=uuid4(), counsellor=counsellor_id, **fields)
        command = AddException(exception=exception, by=request.principal)
        return add_exception(command, uow=self.uow, clock=self.clock, layout=self.layout)

    @http(
        "DELETE",
        f"{EXCEPTIONS}/<uuid:exception_id>",
        action=ACTION,
        status=204,
        errors=(CounsellorNotFound, ExceptionNotFound),
        summary="Let those days follow the week again",
    )
    def remove_exception(self, request: Request, counsellor_id: UUID, exception_id: UUID) -> None:
        """The slots follow at once."""
        command = RemoveException(
            counsellor=counsellor_id, exception=exception_id, by=request.principal
        )
        remove_exception(command, uow=self.uow, clock=self.clock, layout=self.layout)

    @every(seconds=10, name="slot-horizon")
    def extend_horizon(self) -> None:
        """A new day comes into reach, a site closed, a room was added."""
        extend_horizon(uow=self.uow, clock=self.clock, layout=self.layout)


def _hours(item: dict[str, Any]) -> WeeklyHours:
    return WeeklyHours(id=uuid4(), **{**item, "modes": tuple(item["modes"])})
