"""What every service has: probes, metrics, its OpenAPI document, the relay and sweeps."""

from typing import Any, ClassVar

from eventlet.event import Event
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from werkzeug.wrappers import Response

from services.chassis import idempotency, openapi
from services.chassis.access import INTERNAL
from services.chassis.auditchain import seal_waiting_rows
from services.chassis.database import Database, DatabaseProvider
from services.chassis.direct import direct, entrypoints_of
from services.chassis.doors import NEIGHBOURS
from services.chassis.errors import FieldError, NotAllowed, UnprocessableInput
from services.chassis.inbox import Delivery
from services.chassis.logs import get_logger
from services.chassis.observing import look_at_database
from services.chassis.relay import RelayRunner, observe_outbox
from services.chassis.request import Request
from services.chassis.response import json_response
from services.chassis.settings import ServiceSettings
from services.chassis.subscribe import EventEntrypoint
from services.chassis.timers import every
from services.chassis.unit_of_work import UnitOfWork, UnitOfWorkProvider
from services.contracts.catalogue import EVENTS
from services.contracts.envelope import UnreadableEvent, decode

log = get_logger()

RELAY_LATE_SECONDS = 60
KEPT_DAYS = 30
EVENT_LIMIT = 256 * 1024
SENDERS = frozenset(event.sender() for event in EVENTS.values())

_OLD_OUTBOX = text("DELETE FROM outbox WHERE sent_at < now() - make_interval(days => :days)")
_OLD_INBOX = text(
    "DELETE FROM inbox WHERE state = 'done' AND received_at < now() - make_interval(days => :days)"
)


class Probes:
    """Health, metrics and the OpenAPI document, which every service answers."""

    name: ClassVar[str]
    title: ClassVar[str] = ""
    description: ClassVar[str] = ""
    settings: ClassVar[type[ServiceSettings]] = ServiceSettings

    @direct("GET", "/health/live", action=None, summary="The process runs")
    def live(self, _request: Request, _container: Any) -> dict[str, str]:
        """Touch nothing."""
        return {"status": "ok"}

    @direct("GET", "/health/ready", action=None, summary="The service can work")
    def ready(self, _request: Request, container: Any) -> Response:
        """Ask the service's own database only; a broker outage takes no service away."""
        runtime = container.runtime
        if not runtime.has_database:
            return json_response({"status": "ok"})
        try:
            waiting, oldest = observe_outbox(runtime)
        except Exception:
            return json_response({"status": "unavailable", "database": "away"}, 503)
        degraded = oldest > RELAY_LATE_SECONDS
        document = {
            "status": "degraded" if degraded else "ok",
            "database": "ok",
            "outbox": {"waiting": waiting, "oldest_seconds": round(oldest, 3)},
        }
        return json_response(document)

    @direct("GET", "/metrics", action=None, door=NEIGHBOURS, summary="Prometheus metrics")
    def metrics(self, _request: Request, container: Any) -> Response:
        """The metrics of this process, for a neighbour; nobody reaches them through a proxy."""
        if container.runtime.has_database:
            look_at_database(container.runtime)
        return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)

    @direct("GET", "/api/{service}/v1/openapi.json", action=None, summary="This document")
    def openapi(self, _request: Request, container: Any) -> dict[str, Any]:
        """Generated from the routes."""
        return openapi.document_of(container)


class Service(Probes):
    """The base of a service with a database: events in and out, timers, clean-up."""

    relay = RelayRunner()
    housekeeping_uow: UnitOfWork = UnitOfWorkProvider()
    database: Database = DatabaseProvider()

    @direct(
        "POST",
        "/internal/v1/events",
        action=INTERNAL,
        callers=SENDERS,
        limit=EVENT_LIMIT,
        status=202,
    )
    def take_urgent_event(self, request: Request, container: Any) -> dict[str, int]:
        """An urgent event the broker did not confirm: the same inbox, so nothing doubles."""
        try:
            envelope = decode(request.body)
        except UnreadableEvent as error:
            fault = FieldError("body", "expected a CloudEvent of this system")
            raise UnprocessableInput(errors=[fault]) from error
        if request.caller != envelope.data.sender():
            raise NotAllowed("a service posts its own events only")
        readers = [
            each
            for each in entrypoints_of(container, EventEntrypoint)
            if envelope.type in each.subscription.types
        ]
        for reader in readers:
            stored = Event()
            reader.spawn(Delivery(reader.queue, envelope, request.body), stored.send)
            stored.wait()
        return {"readers": len(readers)}

    @every(seconds=30, name="audit-seals")
    def seal_audit(self) -> None:
        """Seal what was noted since; the head goes to the log, where others keep a copy of it."""
        more = True
        while more:
            with self.housekeeping_uow as uow:
                seal = seal_waiting_rows(uow.connection, uow.keyring)
                uow.commit()
            if seal is not None:
                head = seal.digest().hex()
                log.info("audit-sealed", seal=seal.number, rows=len(seal.positions), head=head)
            more = seal is not None and not seal.complete

    @every(seconds=3600, name="housekeeping")
    def tidy(self) -> None:
        """Forget what nobody can ask for any more."""
        with self.housekeeping_uow as uow:
            uow.connection.execute(idempotency.FORGET)
            uow.connection.execute(_OLD_OUTBOX, {"days": KEPT_DAYS})
            uow.connection.execute(_OLD_INBOX, {"days": KEPT_DAYS})
            uow.commit()
