"""Rows of text out of CSV or XLSX bytes; both are looked at before they are parsed."""

from collections.abc import Iterator, Sequence

from services.accounts.imports.csv_file import csv_rows
from services.chassis.errors import InvalidInput, UnprocessableInput
from services.chassis.files import XLSX

CSV = "text/csv"


class UnsupportedFile(InvalidInput):
    """Neither CSV nor XLSX."""

    code = "unsupported-file"
    status = 415
    title = "Send a CSV (text/csv) or XLSX file"


class TooManyRows(UnprocessableInput):
    """More rows than one import takes."""

    code = "too-many-rows"
    field = "file"
    title = "The file has too many rows; split it"


def sheet_rows(content_type: str, content: bytes) -> Iterator[Sequence[str]]:
    """The rows as text, header first; raises UnsupportedFile, UnsafeFile or UnreadableFile."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == XLSX:
        # The workbook library is 20 MB in memory: only where somebody sends a workbook.
        from services.chassis.workbooks import check_xlsx, xlsx_rows

        check_xlsx(content)
        return xlsx_rows(content)
    if kind == CSV:
        return csv_rows(content)
    raise UnsupportedFile


def bounded(rows: Iterator[Sequence[str]], most: int) -> Iterator[tuple[int, Sequence[str]]]:
    """Rows with the number the spreadsheet shows, without blank ones; raises TooManyRows."""
    kept = 0
    for number, cells in enumerate(rows, start=1):
        if not any(cell.strip() for cell in cells):
            continue
        if kept > most:
            raise TooManyRows(f"at most {most} rows beside the header")
        kept += 1
        yield number, cells
