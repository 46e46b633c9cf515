"""Rows of a file of answers, the codes as they stand."""

import csv
from collections.abc import Sequence
from pathlib import Path

from services.cli.errors import CommandFailed

Answers = dict[str, object]


def read_answers(path: Path, link_ids: Sequence[str]) -> list[Answers]:
    """One mapping a row: an empty cell is left out, a number is a number, all else is text."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            columns = [name for name in link_ids if name in (reader.fieldnames or ())]
            if not columns:
                raise CommandFailed(f"{path} has none of the columns {', '.join(link_ids)}.")
            return [_answers(row, columns) for row in reader]
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFailed(f"{path} cannot be read: {error}") from None


def _answers(row: dict[str, str], columns: Sequence[str]) -> Answers:
    cells = {name: (row[name] or "").strip() for name in columns}
    return {name: _code(cell) for name, cell in cells.items() if cell}


def _code(cell: str) -> object:
    try:
        return int(cell)
    except ValueError:
        return cell
