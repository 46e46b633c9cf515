"""Runs a template through pgbench: so many clients, each its own rows, once each."""

import os
import re
import subprocess
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from psycopg2.extras import execute_values
from sqlalchemy.engine import make_url

from services.chassis.database import LIMITS
from services.cli.bench.replay.template import LITERAL, Template
from services.cli.errors import CommandFailed
from services.cli.local.postgres import PrivatePostgres

THREADS = 2
TPS = re.compile(r"tps = ([\d.]+) \(without initial connection time\)")
DONE = re.compile(r"number of transactions actually processed: (\d+)/(\d+)")
# A literal, or a semicolon that stands in none.
WHOLE = re.compile(rf"{LITERAL.pattern} | ;", re.VERBOSE | re.DOTALL)
FAILED = re.compile(r"number of failed transactions: (\d+)")


@dataclass(frozen=True, slots=True)
class Replay:
    """A template shared out among clients: `turns` rows for each of them."""

    template: Template
    clients: int
    turns: int
    # Row numbers, client after client.
    order: Sequence[int]


def shared_out(template: Template, streams: Sequence[Sequence[int]]) -> Replay:
    """Each stream (request numbers of one worker) becomes a client; all get equally many rows."""
    place = {number: at for at, number in enumerate(template.kept)}
    found = [[place[number] for number in stream if number in place] for stream in streams]
    turns = min(len(each) for each in found)
    order = [row for each in found for row in each[:turns]]
    return Replay(template, len(streams), turns, order)


def run(server: PrivatePostgres, url: str, replay: Replay, folder: Path) -> float:
    """Transactions a second; raises CommandFailed unless every single one succeeded."""
    _load(url, replay)
    script = folder / "replay.sql"
    script.write_text(script_of(replay.template), encoding="utf-8")
    return _run(server, url, replay, script)


def script_of(template: Template) -> str:
    """As many round trips as the service made: the next row is fetched with the commit."""
    names = ", ".join(f"huixin{number}" for number in range(len(template.rows[0])))
    row = "n = :client_id + :step * :clients"
    fetch = f"SELECT {names} FROM replay WHERE {row} \\gset"  # noqa: S608  # names made here
    *sent, last = [_sent_at_once(sql) for sql in template.statements]
    lines = ["\\if :step = 0", fetch, "\\endif", "\\set step :step + 1"]
    return "\n".join([*lines, *(f"{sql};" for sql in sent), f"{last} \\; {fetch}", ""])


def _sent_at_once(sql: str) -> str:
    """Statements the service sent in one message stay in one: BEGIN travels with what follows."""
    whole = sql.strip().rstrip(";")
    return WHOLE.sub(lambda found: "\\;" if found[0] == ";" else found[0], whole)


def _load(url: str, replay: Replay) -> None:
    """The literals as they stood in the statements, quotes and all."""
    width = len(replay.template.rows[0])
    columns = ", ".join(f"huixin{number} text NOT NULL" for number in range(width))
    rows = []
    for at, row in enumerate(replay.order):
        client, step = divmod(at, replay.turns)
        rows.append((client + step * replay.clients, *replay.template.rows[row]))
    # What the last commit of each client fetches, and nobody uses.
    last = replay.clients * replay.turns
    rows += [(last + client, *replay.template.rows[0]) for client in range(replay.clients)]
    with closing(psycopg2.connect(_dsn(url))) as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS replay")
        cursor.execute(f"CREATE UNLOGGED TABLE replay (n integer PRIMARY KEY, {columns})")
        execute_values(cursor, "INSERT INTO replay VALUES %s", rows, page_size=500)
        connection.commit()
        connection.autocommit = True
        cursor.execute("VACUUM ANALYZE replay")


def _run(server: PrivatePostgres, url: str, replay: Replay, script: Path) -> float:
    address = make_url(url)
    command = [
        *(str(server.programs / "pgbench"), "-n", "-M", "simple", "-f", str(script)),
        *("-c", str(replay.clients), "-j", str(THREADS), "-t", str(replay.turns)),
        *("-D", "step=0", "-D", f"clients={replay.clients}"),
        *("-h", "127.0.0.1", "-p", str(server.port), "-U", str(address.username)),
        str(address.database),
    ]
    environ = {
        "PGPASSWORD": str(address.password),
        "PGOPTIONS": " ".join(f"-c {name}={value}" for name, value in LIMITS.items()),
        "PATH": os.environ.get("PATH", ""),
    }
    finished = subprocess.run(
        command, env=environ, capture_output=True, text=True, check=False, timeout=600
    )
    said, tps = finished.stdout, TPS.search(finished.stdout)
    done, failed = DONE.search(said), FAILED.search(said)
    whole = done is not None and done[1] == done[2] and (failed is None or failed[1] == "0")
    if finished.returncode != 0 or tps is None or not whole:
        lines = "\n".join((finished.stderr + said).splitlines()[-12:])
        raise CommandFailed(f"pgbench could not run the statements of the service:\n{lines}")
    return float(tps[1])


def _dsn(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
