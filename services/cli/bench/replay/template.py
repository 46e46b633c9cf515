"""From the statements of many requests, one script and a table of the literals that differ."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from services.cli.errors import CommandFailed

LITERAL = re.compile(
    r"""
    E'(?:[^'\\]|\\.|'')*'          # a string with backslashes
    | '(?:[^']|'')*'               # a string
    | (?<![\w."$])-?\d+(?:\.\d+)?(?![\w."])   # a number
    """,
    re.VERBOSE | re.DOTALL,
)
Request = Sequence[str]
Column = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """Statements with `:huixin<n>` where requests differ; a row of `rows` fills them in.

    `kept` names the requests, by their number, whose statements have this shape.
    """

    statements: list[str]
    rows: list[Column]
    kept: list[int]
    share: float


def shape_of(request: Request) -> tuple[str, ...]:
    """The statements without their literals."""
    return tuple(LITERAL.sub("\0", sql) for sql in request)


def template_of(requests: Sequence[Request], *, at_least: float = 0.9) -> Template:
    """The commonest shape; raises CommandFailed where it covers less than `at_least` of them."""
    shapes = [shape_of(request) for request in requests]
    shape, count = Counter(shapes).most_common(1)[0]
    share = count / len(requests)
    if not shape or share < at_least:
        raise CommandFailed(
            f"Only {share:.0%} of the requests made the same statements:\n"
            + "\n".join(f"  {number}× {len(each)} statements" for each, number in
                        Counter(shapes).most_common(4))
        )  # fmt: skip
    kept = [number for number, each in enumerate(shapes) if each == shape]
    literals = [[LITERAL.findall(sql) for sql in requests[number]] for number in kept]
    return _filled(shape, literals, kept, share)


def _filled(
    shape: Sequence[str], literals: Sequence[list[list[str]]], kept: list[int], share: float
) -> Template:
    columns: dict[Column, int] = {}
    statements = []
    for at, sql in enumerate(shape):
        parts = sql.split("\0")
        text = parts[0]
        for place, part in enumerate(parts[1:]):
            values = tuple(each[at][place] for each in literals)
            if len(set(values)) == 1:
                text += values[0] + part
            else:
                number = columns.setdefault(values, len(columns))
                text += f":huixin{number}{part}"
        statements.append(text)
    rows = list(zip(*columns, strict=True))
    return Template(statements, rows, kept, share)
