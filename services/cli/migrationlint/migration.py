"""A migration as the linter sees it: what it tells PostgreSQL, and what it says of itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from alembic.script import Script, ScriptDirectory

from services.chassis.migrations import in_order, scripts_of, statements_of

EXPAND, CONTRACT = "expand", "contract"


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """`released`: the migrations that were in the last release; a contract step names the one of
    them that made room for it.
    """

    service: str
    revision: str
    sql: str
    released: frozenset[str] = frozenset()
    phase: str = EXPAND
    expanded_by: str = ""
    reason: str = ""
    rollback: str = ""

    @property
    def name(self) -> str:
        """Where to find it."""
        return f"{self.service}/{self.revision}"


def newer_migrations(heads: Mapping[str, str]) -> Iterator[Migration]:
    """Those that came after these heads of the last release, service by service."""
    for service, head in heads.items():
        scripts = scripts_of(service)
        yield from migrations_after(head, service, scripts)


def migrations_after(head: str, service: str, scripts: ScriptDirectory) -> Iterator[Migration]:
    """The same for one service."""
    ordered = in_order(scripts)
    last = next(at for at, each in enumerate(ordered) if each.revision == head)
    released = frozenset(each.revision for each in ordered[: last + 1])
    for script in ordered[last + 1 :]:
        yield _migration(service, script, statements_of(scripts, script), released)


def _migration(service: str, script: Script, sql: str, released: frozenset[str]) -> Migration:
    module: Any = script.module
    return Migration(
        service=service,
        revision=script.revision,
        sql=sql,
        released=released,
        phase=getattr(module, "phase", EXPAND),
        expanded_by=getattr(module, "expanded_by", ""),
        reason=getattr(module, "reason", ""),
        rollback=getattr(module, "rollback", ""),
    )
