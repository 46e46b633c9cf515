"""The loop view."""

from collections.abc import Mapping
from typing import Any

from services.chassis.database import Database, DatabaseProvider
from services.chassis.errors import NotFound
from services.chassis.http import Request, http
from services.reporting.loops.queries import steps_of
from services.reporting.loops.schemas import LoopSchema


class LoopEntrypoints:
    """Follows one correlation id through all services."""

    database: Database = DatabaseProvider()

    @http(
        "GET",
        "/api/reporting/v1/loops/<correlation_id>",
        action="loop.read",
        answer=LoopSchema,
        summary="Every step of one loop, when and by which service, without content",
    )
    def show_loop(self, _request: Request, correlation_id: str) -> Mapping[str, Any]:
        """404 until the first event of the loop is counted."""
        with self.database.reading() as connection:
            steps = steps_of(connection, correlation_id)
        if not steps:
            raise NotFound(correlation_id)
        services = list(dict.fromkeys(step["service"] for step in steps))
        return {
            "correlation_id": correlation_id,
            "services": services,
            "items": steps,
            "next": None,
        }
