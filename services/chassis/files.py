"""Files that are sent: their types, and why one is refused before any of it is used."""

from services.chassis.errors import UnprocessableInput

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UnreadableFile(UnprocessableInput):
    """The file is damaged, empty, or not what its type says."""

    code = "unreadable-file"
    field = "file"
    title = "The file cannot be read"


class UnsafeFile(UnprocessableInput):
    """The file holds what a list never needs."""

    code = "unsafe-file"
    field = "file"
    title = "The file holds macros, entities or too much data"
