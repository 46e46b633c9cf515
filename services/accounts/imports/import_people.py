"""Import people from a spreadsheet: what is right is applied, what is wrong is reported."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid4

from services.accounts.imports.apply import Chunk
from services.accounts.imports.ports import ImportDone
from services.accounts.imports.reading import Reading, Sheet, chunks
from services.accounts.imports.report import Outcome, Report
from services.accounts.ports import AccountsWork
from services.chassis.access import Principal
from services.chassis.clock import Clock
from services.chassis.cpu import off_loop

CHUNK = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPeople:
    """A file of at most so many rows."""

    content_type: str
    content: bytes
    by: Principal
    most_rows: int


def import_people(command: ImportPeople, *, uow: AccountsWork, clock: Clock) -> tuple[UUID, Report]:
    """Raises, having changed nothing, for a file that cannot be read to its end."""
    batches, ignored = off_loop(_read_all, command)
    report = Report(ignored_columns=ignored)
    digest = uow.digest(hashlib.sha256(command.content).hexdigest(), "import-file")
    import_batches(batches, command.by, report, uow=uow)
    return finish_import(digest, command.by, report, uow=uow, clock=clock), report


def import_batches(
    batches: Iterable[list[Reading]], by: Principal, report: Report, *, uow: AccountsWork
) -> None:
    """Apply batches one transaction each, as they come: a file of any length in little memory."""
    seen: dict[str, int] = {}
    for batch in batches:
        with uow:
            uow.imports.lock()
            Chunk(by, uow, report, seen).apply(batch)
            uow.commit()


def finish_import(
    digest: bytes, by: Principal, report: Report, *, uow: AccountsWork, clock: Clock
) -> UUID:
    """Note that it took place; returns its id."""
    done = ImportDone(
        id=uuid4(),
        by=by.person,
        at=clock.now(),
        digest=digest,
        created=report.counts[Outcome.CREATED],
        updated=report.counts[Outcome.UPDATED],
        unchanged=report.counts[Outcome.UNCHANGED],
        refused=report.counts[Outcome.REFUSED],
    )
    with uow:
        uow.imports.add(done)
        uow.audit("person.import", done.id, reason=f"{report.rows} rows")
        uow.commit()
    return done.id


def _read_all(command: ImportPeople) -> tuple[list[list[Reading]], tuple[str, ...]]:
    sheet = Sheet(command.content_type, command.content, command.most_rows)
    return list(chunks(sheet, CHUNK)), sheet.ignored_columns
