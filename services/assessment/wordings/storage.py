"""Imported instruments as rows; each is whole, with who answers for it."""

from collections.abc import Collection, Sequence

import msgspec
from sqlalchemy import Connection, text

from services.assessment.instruments.definition import Instrument
from services.assessment.wordings.domain import Right, VersionNotNewer

_ADD = text(
    """
    INSERT INTO imported_instruments (instrument, version, definition, statement, imported_by)
    VALUES (:instrument, :version, CAST(:definition AS jsonb), :statement, :by)
    ON CONFLICT (instrument, version) DO NOTHING
    """
)
# Not «past a number»: an import that got its number first may be committed last.
_BESIDES = text(
    """
    SELECT number, definition FROM imported_instruments
    WHERE number <> ALL(CAST(:known AS bigint[])) ORDER BY number
    """
)


class WordingRepository:
    """The imports of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, instrument: Instrument, right: Right) -> None:
        """Keep it; raises VersionNotNewer where another import took the version."""
        row = {
            "instrument": instrument.id,
            "version": instrument.version,
            "definition": msgspec.json.encode(instrument).decode(),
            "statement": right.statement,
            "by": right.by,
        }
        if not self._connection.execute(_ADD, row).rowcount:
            raise VersionNotNewer(f"{instrument.id} {instrument.version} was imported already")


def imported_besides(
    connection: Connection, known: Collection[int]
) -> Sequence[tuple[int, Instrument]]:
    """What was imported besides these numbers."""
    found = connection.execute(_BESIDES, {"known": list(known)})
    return [(row.number, msgspec.convert(row.definition, Instrument)) for row in found]
