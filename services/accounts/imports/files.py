"""Why a file is refused before any of its rows is read."""

from services.chassis.errors import UnprocessableInput


class UnreadableFile(UnprocessableInput):
    """The file is damaged, empty, or not what its type says."""

    code = "unreadable-file"
    field = "file"
    title = "The file cannot be read"


class UnsafeFile(UnprocessableInput):
    """The file holds what a list of people never needs."""

    code = "unsafe-file"
    field = "file"
    title = "The file holds macros, entities or too much data"
