"""Known appointments as rows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from services.notification.reminders.domain import Appointment
from services.notification.tables import appointments


class AppointmentRows:
    """The appointments of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, appointment: UUID) -> Appointment | None:
        """What is known of one; it is locked, known or not."""
        key = func.hashtextextended(f"appointment:{appointment}", 0)
        self._connection.execute(select(func.pg_advisory_xact_lock(key)))
        found = select(appointments).where(appointments.c.id == appointment)
        row = self._connection.execute(found).mappings().first()
        return Appointment(**row) if row is not None else None

    def save(self, appointment: Appointment) -> None:
        """Keep a new or changed one."""
        row = {column.name: getattr(appointment, column.name) for column in appointments.c}
        statement = insert(appointments).values(row)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=row))

    def delete_older(self, than: datetime) -> int:
        """Forget those long past; how many."""
        old = delete(appointments).where(appointments.c.starts_at < than)
        return self._connection.execute(old).rowcount
