"""XLSX → words: a first sheet of questions, and a second one of answers."""

from collections.abc import Iterator, Sequence

from services.assessment.instruments.words import Language
from services.assessment.wordings.words import Texts, Words
from services.chassis.files import UnreadableFile
from services.chassis.workbooks import check_xlsx, xlsx_rows

ITEMS = ("link_id", "zh", "en")
OPTIONS = ("options", "score", "zh", "en")
STEM = "stem"
MOST_ROWS = 2_000
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def read_words(content: bytes) -> Words:
    """Raises UnreadableFile naming the row, UnsafeFile."""
    check_xlsx(content)
    words = Words()
    for number, row in _rows(content, 0, ITEMS):
        link_id = row["link_id"].strip()
        if not link_id:
            raise UnreadableFile(f"row {number} of the first sheet: expected a link_id")
        if link_id == STEM:
            words.stem = _texts(row)
        else:
            words.items[link_id] = _texts(row)
    for number, row in _rows(content, 1, OPTIONS):
        try:
            words.options[row["options"].strip(), int(row["score"])] = _texts(row)
        except ValueError as error:
            told = f"row {number} of the second sheet: expected a whole number as score"
            raise UnreadableFile(told) from error
    if not words.items:
        raise UnreadableFile("the first sheet has no question")
    return words


def _rows(
    content: bytes, sheet: int, wanted: Sequence[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    header: list[str] = []
    for number, cells in enumerate(xlsx_rows(content, sheet), 1):
        if number > MOST_ROWS:
            raise UnreadableFile(f"expected at most {MOST_ROWS} rows")
        if not header:
            header = [cell.strip().lower() for cell in cells]
            missing = {*wanted} - {*LANGUAGES} - {*header}
            if missing or not {*LANGUAGES} & {*header}:
                raise UnreadableFile(f"expected the columns {', '.join(wanted)}")
        elif any(cells):
            row = dict(zip(header, cells, strict=False))
            yield number, {name: row.get(name, "") for name in wanted}


def _texts(row: dict[str, str]) -> Texts:
    return {language: text for language in LANGUAGES if (text := row[language].strip())}
