"""From a file's bytes to checked rows: CPU work, done beside the loop."""

from collections.abc import Iterator, Sequence
from itertools import islice

from services.accounts.imports.columns import read_header
from services.accounts.imports.rows import Row, RowError, read_row
from services.accounts.imports.sheets import bounded, sheet_rows
from services.chassis.files import UnreadableFile

Reading = Row | list[RowError]
"""A row, or what is wrong with it."""


class Sheet:
    """A file's rows, read as they are asked for; raises for a file that is refused as a whole."""

    def __init__(self, content_type: str, content: bytes, most: int) -> None:
        self._rows = bounded(sheet_rows(content_type, content), most)
        _, first = next(self._rows, (0, ()))
        if not first:
            raise UnreadableFile("the file is empty")
        self._header = read_header(first)
        self.ignored_columns = self._header.ignored

    def take(self, count: int) -> list[Reading]:
        """The next rows, at most so many; none are left where the list is empty."""
        return [self._read(number, cells) for number, cells in islice(self._rows, count)]

    def _read(self, number: int, cells: Sequence[str]) -> Reading:
        row, errors = read_row(number, self._header.pick(cells))
        return errors if row is None else row


def chunks(sheet: Sheet, size: int) -> Iterator[list[Reading]]:
    """All rows, so many at a time."""
    while batch := sheet.take(size):
        yield batch
