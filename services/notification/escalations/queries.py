"""The pages an officer has open: what should ring now."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select

from services.notification.escalations.domain import EscalationState
from services.notification.tables import escalations, messages


def open_pages(connection: Connection, officer: UUID) -> list[dict[str, Any]]:
    """One item for each case the officer was paged for and nobody has taken, oldest first."""
    found = (
        select(
            escalations.c.case_id.label("case"),
            escalations.c.id.label("escalation"),
            escalations.c.drill,
            escalations.c.round,
            func.max(messages.c.kind).label("kind"),
            func.min(messages.c.created_at).label("paged_at"),
            func.max(messages.c.created_at).label("last_paged_at"),
            func.count().label("pages"),
        )
        .join(messages, messages.c.about_case == escalations.c.case_id)
        .where(
            escalations.c.state == EscalationState.OPEN.value,
            messages.c.person == officer,
            messages.c.urgent,
            messages.c.created_at >= escalations.c.started_at,
        )
        .group_by(escalations.c.case_id)
        .order_by("paged_at", escalations.c.case_id)
    )
    return [dict(row) for row in connection.execute(found).mappings()]
