"""The rules that squawk has not: rows rewritten at once, locks without limit, defaults dropped."""

import re
from collections.abc import Iterator

COMMENT = re.compile(r"--[^\n]*")
QUOTED = re.compile(r"\$(\w*)\$.*?\$\1\$", re.DOTALL)
REWRITE = re.compile(r"^(?:UPDATE|DELETE\s+FROM|INSERT\s+INTO)\s+(?:ONLY\s+)?\"?(\w+)", re.I)
CREATED = re.compile(r"^CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?\"?(\w+)", re.I)
SELECTED = re.compile(r"\bSELECT\b", re.I)
NO_LIMIT = re.compile(
    r"^SET\s+(?:LOCAL\s+)?(?:lock_timeout|statement_timeout)\s*(?:=|TO)\s*'?0", re.I
)
LIMIT = re.compile(r"^SET\s+(?:LOCAL\s+)?lock_timeout\s*(?:=|TO)\s*'?[1-9]", re.I)
STOPS_NOBODY = re.compile(r"\bCONCURRENTLY\b|\bVALIDATE\s+CONSTRAINT\b|^(?:BEGIN|COMMIT)\b", re.I)
DROPPED_DEFAULT = re.compile(r"\bDROP\s+DEFAULT\b", re.I)
BOOKKEEPING = "alembic_version"


def own_faults(sql: str) -> Iterator[tuple[str, str]]:
    """(rule, statement) of each statement that breaks one."""
    created, unlimited = {BOOKKEEPING}, False
    for statement in statements(sql):
        if made := CREATED.match(statement):
            created.add(made[1])
        if _rewrites(statement, created):
            yield "long-rewrite", statement
        if DROPPED_DEFAULT.search(statement):
            yield "drop-default", statement
        if NO_LIMIT.match(statement):
            unlimited = True
        elif LIMIT.match(statement):
            unlimited = False
        elif unlimited and not STOPS_NOBODY.search(statement):
            yield "unbounded-lock", statement


def statements(sql: str) -> Iterator[str]:
    """One by one, without comments and without the bodies of functions."""
    plain = QUOTED.sub("''", COMMENT.sub("", sql))
    yield from (each.strip() for each in plain.split(";") if each.strip())


def _rewrites(statement: str, created: set[str]) -> bool:
    """Rows of a table that was there before; a few new ones, written out, are no rewrite."""
    found = REWRITE.match(statement)
    if found is None or found[1] in created:
        return False
    return not statement.upper().startswith("INSERT") or bool(SELECTED.search(statement))
