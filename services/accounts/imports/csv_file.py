"""CSV as offices save it: UTF-8 with or without a mark, or GB 18030; comma, tab or semicolon."""

import csv
import io
from collections.abc import Iterator, Sequence

from services.chassis.files import UnreadableFile

COLUMNS_READ = 64


def csv_rows(content: bytes) -> Iterator[Sequence[str]]:
    """Each row's cells; raises UnreadableFile."""
    text = _decode(content)
    header = text.partition("\n")[0]
    delimiter = max(",\t;，", key=header.count)
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield cells[:COLUMNS_READ]
    except csv.Error as error:
        raise UnreadableFile(str(error)) from error


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise UnreadableFile("expected text in UTF-8 or GB 18030")
