"""XLSX: checked as a ZIP archive first, then read row by row without formulas or formats."""

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.xml.constants import SHARED_STRINGS
from openpyxl.xml.functions import fromstring

from services.chassis.files import UnreadableFile, UnsafeFile

MAGIC = b"PK\x03\x04"
MOST_PARTS = 500
MOST_BYTES = 40 * 1024 * 1024
MOST_STRINGS = 10 * 1024 * 1024
MOST_RATIO = 250
SMALL_PART = 1024 * 1024
FORBIDDEN = ("vbaproject", "/macrosheets/", "/activex/", "/embeddings/", ".exe", ".dll")
TYPES = "[Content_Types].xml"
DECLARATIONS = (b"<!doctype", b"<!entity")
READ_AT_ONCE = 64 * 1024
COLUMNS_READ = 64
DAMAGE = (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError, OSError)


def check_xlsx(content: bytes) -> None:
    """Raise UnreadableFile or UnsafeFile unless this is a plain, bounded workbook."""
    if not content.startswith(MAGIC):
        raise UnreadableFile("this is not an XLSX file")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_parts(archive.infolist())
            for part in archive.infolist():
                _check_markup(archive, part)
            _check_types(archive)
    except DAMAGE as error:
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


def _check_markup(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Every part to its end: content types, not names, tell the reader what is XML."""
    named_xml = part.filename.lower().endswith((".xml", ".rels"))
    tail = b""
    with archive.open(part) as file:
        while read := file.read(READ_AT_ONCE):
            text = tail + read.replace(b"\0", b"").lower()  # without NULs, UTF-16 reads the same
            if any(word in text for word in DECLARATIONS) or (named_xml and b"\0" in read):
                raise UnsafeFile("the workbook's XML declares entities")
            tail = text[1 - len(DECLARATIONS[0]) :]


def _check_types(archive: zipfile.ZipFile) -> None:
    if archive.getinfo(TYPES).file_size > SMALL_PART:
        raise UnsafeFile("the workbook is too large")
    types = archive.read(TYPES)
    lower = types.lower()
    if b"macroenabled" in lower or b"spreadsheetml.sheet.main+xml" not in lower:
        raise UnsafeFile("only plain workbooks (.xlsx) are read")
    strings = {"xl/sharedstrings.xml", *_shared_strings(types)}
    for part in archive.infolist():
        if part.filename.lower() in strings and part.file_size > MOST_STRINGS:
            raise UnsafeFile("the workbook's texts are too large")


def _shared_strings(types: bytes) -> set[str]:
    """The reader takes the whole part of this type into memory, whatever its name."""
    try:
        parts = [part for part in fromstring(types) if part.get("ContentType") == SHARED_STRINGS]
    except (ParseError, LookupError, ValueError) as error:
        raise UnreadableFile("the archive is damaged") from error
    return {part.get("PartName", "")[1:].lower() for part in parts}


def xlsx_rows(content: bytes, number: int = 0) -> Iterator[Sequence[str]]:
    """The cells of a sheet's rows as text, of the first one or by its number, and none where there
    is no such sheet; raises UnreadableFile.
    """
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        if number and number >= len(book.worksheets):
            return
        sheet = book.worksheets[number]
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
