"""The next version of the system, made from this one as a release would make it.

It expands: a nullable column with an index beside it and a new table in two services, an optional
field in the events they send. Its migrations pass the linter like any other; what it adds is seen
in the rows and events that it alone writes.
"""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.chassis.migrations import newest_revisions
from services.cli.local.environment import settings_of

ROOT = Path(__file__).parents[3]
WAVE = "next"
FIELD = '''
    wave: str = ""
    """The version that sent it."""
'''
MIGRATION = '''"""What the next version has more."""

import sqlalchemy as sa
from alembic import op

from services.chassis.migrations import outside_transaction

revision = "{revision}"
down_revision = "{before}"


def upgrade() -> None:
    """Expand."""
    op.add_column("{table}", sa.Column("wave", sa.Text))
    op.create_table("waves", sa.Column("id", sa.Uuid, primary_key=True))
    with outside_transaction(op):
        op.create_index("ix_{table}_wave", "{table}", ["wave"], postgresql_concurrently=True)
'''


@dataclass(frozen=True, slots=True)
class Edit:
    """Somewhere in a file: the line or words there are, and what stands there next."""

    file: str
    before: str
    after: str


TABLES: Mapping[str, str] = {"assessment": "responses", "booking": "appointments"}
EVENTS: Mapping[str, str] = {
    "assessment": "assessment.response-completed.v1",
    "booking": "booking.appointment-booked.v1",
}
EDITS = (
    Edit(
        "contracts/assessment.py",
        '    campaign: UUID | None = None\n    """The campaign it was given in."""\n',
        f'    campaign: UUID | None = None\n    """The campaign it was given in."""\n{FIELD}',
    ),
    Edit(
        "assessment/responses/publishing.py",
        "        campaign=response.campaign,\n",
        f'        campaign=response.campaign,\n        wave="{WAVE}",\n',
    ),
    Edit("assessment/responses/storage.py", "campaign, sealed)\n", "campaign, sealed, wave)\n"),
    Edit("assessment/responses/storage.py", "%(sealed)s)\n", f"%(sealed)s, '{WAVE}')\n"),
    Edit(
        "contracts/booking.py",
        '    """The offer it accepts, where there was one."""\n',
        f'    """The offer it accepts, where there was one."""\n{FIELD}',
    ),
    Edit(
        "booking/appointments/publishing.py",
        "offer=appointment.offer)",
        f'offer=appointment.offer, wave="{WAVE}")',
    ),
    Edit(
        "booking/appointments/storage.py",
        '    Column("offer", ForeignKey("offers.id")),\n',
        '    Column("offer", ForeignKey("offers.id")),\n    Column("wave", Text),\n',
    ),
    Edit("booking/appointments/storage.py", "offer, state,\n", "offer, state, wave,\n"),
    Edit("booking/appointments/storage.py", "%(state)s,\n", f"%(state)s, '{WAVE}',\n"),
    Edit("booking/appointments/storage.py", '_SPANS = {"', '_SPANS = {"wave", "'),
)


class NextVersion:
    """A copy of the sources with the edits, which services can be started from."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        unneeded = shutil.ignore_patterns("__pycache__", "samples", "node_modules", "*.log")
        for name in ("services", "tests"):
            shutil.copytree(ROOT / name, folder / name, ignore=unneeded)
        for edit in EDITS:
            self._apply(edit)
        for service, before in newest_revisions(TABLES).items():
            self._add_migration(service, before)

    def migrate(self, settings: Mapping[str, str]) -> str:
        """Bring the two databases to the next version, while this one runs; what was said."""
        said = ""
        for service in TABLES:
            said += self._huixin(settings_of(service, settings), "migrate", service)
        return said

    def lint(self) -> str:
        """What the linter says of its migrations; raises CalledProcessError where it objects."""
        return self._huixin({}, "lint-migrations")

    def _huixin(self, settings: Mapping[str, str], *arguments: str) -> str:
        finished = subprocess.run(
            [sys.executable, "-P", "-W", "ignore", "-m", "services.cli", *arguments],
            cwd=self.root,
            env={**settings, "PYTHONPATH": str(self.root), "PATH": "/usr/bin:/bin"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if finished.returncode != 0:
            raise RuntimeError(f"{arguments}: {finished.stdout[-2000:]}")
        return finished.stdout

    def _apply(self, edit: Edit) -> None:
        path = self.root / "services" / edit.file
        text = path.read_text()
        if text.count(edit.before) != 1:
            raise RuntimeError(f"{edit.file} no longer has {edit.before!r} once: mend EDITS")
        path.write_text(text.replace(edit.before, edit.after))

    def _add_migration(self, service: str, before: str) -> None:
        revision = f"{int(before[:4]) + 1:04}_next"
        text = MIGRATION.format(revision=revision, before=before, table=TABLES[service])
        folder = self.root / "services" / service / "migrations/versions"
        (folder / f"{revision}.py").write_text(text)
