"""XLSX: checked as a ZIP archive first, then read row by row without formulas or formats."""

import io
import zipfile
from collections.abc import Iterator, Sequence

from openpyxl import load_workbook

from services.accounts.imports.files import UnreadableFile, UnsafeFile

MAGIC = b"PK\x03\x04"
MOST_PARTS = 500
MOST_BYTES = 200 * 1024 * 1024
MOST_RATIO = 250
SMALL_PART = 1024 * 1024
FORBIDDEN = ("vbaproject", "/macrosheets/", "/activex/", "/embeddings/", ".exe", ".dll")
MARKUP_READ = 4096
COLUMNS_READ = 64


def check_xlsx(content: bytes) -> None:
    """Raise UnreadableFile or UnsafeFile unless this is a plain, bounded workbook."""
    if not content.startswith(MAGIC):
        raise UnreadableFile("this is not an XLSX file")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_parts(archive.infolist())
            _check_markup(archive)
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError, OSError) as error:
        raise UnreadableFile("the archive is damaged") from error


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename.lower() for part in parts]
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        raise UnreadableFile("this is a ZIP file, but no XLSX workbook")
    if any(word in f"/{name}" for name in names for word in FORBIDDEN):
        raise UnsafeFile("save it as a workbook without macros or embedded objects")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise UnsafeFile("the workbook is too large")
    for part in parts:
        swollen = part.file_size > MOST_RATIO * max(part.compress_size, 1)
        if part.flag_bits & 1 or (swollen and part.file_size > SMALL_PART):
            raise UnsafeFile("a part of the workbook is encrypted or suspiciously packed")


def _check_markup(archive: zipfile.ZipFile) -> None:
    types = archive.read("[Content_Types].xml").lower()
    if b"macroenabled" in types or b"spreadsheetml.sheet.main+xml" not in types:
        raise UnsafeFile("only plain workbooks (.xlsx) are read")
    for name in archive.namelist():
        if name.lower().endswith((".xml", ".rels")):
            with archive.open(name) as part:
                start = part.read(MARKUP_READ).lower()
            if b"\0" in start or b"<!doctype" in start or b"<!entity" in start:
                raise UnsafeFile("the workbook's XML declares entities")


def xlsx_rows(content: bytes) -> Iterator[Sequence[str]]:
    """The cells of the first sheet's rows as text; raises UnreadableFile."""
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for row in sheet.iter_rows(max_col=COLUMNS_READ, values_only=True):
            yield [_text(cell) for cell in row]
        book.close()
    except (UnreadableFile, UnsafeFile):
        raise
    except Exception as error:  # openpyxl raises whatever a damaged part makes it stumble over
        raise UnreadableFile("the workbook is damaged") from error


def _text(cell: object) -> str:
    if cell is None or isinstance(cell, bool):
        return "" if cell is None else str(cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
