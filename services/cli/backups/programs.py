"""pg_dump, pg_restore and psql, fed and read through pipes: nothing lies on the disk unsealed."""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from sqlalchemy import make_url

from services.cli.errors import CommandFailed
from services.cli.local.postgresprograms import client_programs

# pg_restore from 17 on sets what servers before 17 do not know.
WITHOUT_NEWER_LIMITS = "1,60{/^SET transaction_timeout = 0;$/d}"


@contextmanager
def dumped(url: str, snapshot: str, server: str) -> Iterator[IO[bytes]]:
    """A database as it was at a snapshot, in pg_dump's custom format; raises CommandFailed."""
    program = client_programs(server) / "pg_dump"
    command = [str(program), "--format=custom", "--no-owner", "--no-privileges"]
    with _piped([[*command, f"--snapshot={snapshot}"]], url) as (_, out):
        yield out


@contextmanager
def restored_into(url: str, server: str) -> Iterator[IO[bytes]]:
    """Takes what pg_dump gave and brings it into a database; raises CommandFailed."""
    programs = client_programs(server)
    commands = [
        [str(programs / "pg_restore"), "--file=-", "--no-owner", "--no-privileges"],
        ["sed", WITHOUT_NEWER_LIMITS],
        [str(programs / "psql"), "--no-psqlrc", "--quiet", "--single-transaction",
         "--set=ON_ERROR_STOP=1", "--output=/dev/null", "--file=-"],
    ]  # fmt: skip
    with _piped(commands, url) as (into, _):
        yield into
        into.close()


@contextmanager
def _piped(commands: Sequence[Sequence[str]], url: str) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Programs one behind the other: the first one's input and the last one's output."""
    with ExitStack() as stack:
        said = [stack.enter_context(tempfile.TemporaryFile()) for _ in commands]
        running: list[subprocess.Popen[bytes]] = []
        stack.callback(_end, running)
        for command, errors in zip(commands, said, strict=True):
            running.append(_start(command, url, running[-1].stdout if running else None, errors))
            if len(running) > 1:
                _given(running[-2].stdout).close()  # the next program alone holds it now
        try:
            yield _given(running[0].stdin), _given(running[-1].stdout)
        except OSError:
            _wait(running, said)  # a program that went says itself why
            raise
        _wait(running, said)


def _start(
    command: Sequence[str], url: str, source: IO[bytes] | None, errors: IO[bytes]
) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command,
        stdin=source or subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env={**_address(url), "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8"},
        # Ctrl-C is for the command, which ends its programs itself.
        start_new_session=True,
    )


def _address(url: str) -> dict[str, str]:
    """As libpq reads it from the environment: no password on a command line."""
    address = make_url(url)
    named = {
        "PGHOST": address.host,
        "PGPORT": str(address.port or 5432),
        "PGUSER": address.username,
        "PGPASSWORD": address.password,
        "PGDATABASE": address.database,
        "PGSSLMODE": str(address.query.get("sslmode", "")) or None,
        "PGSSLROOTCERT": str(address.query.get("sslrootcert", "")) or None,
    }
    return {name: str(value) for name, value in named.items() if value is not None}


def _wait(running: Sequence["subprocess.Popen[bytes]"], said: Sequence[IO[bytes]]) -> None:
    for process in running:
        if process.stdin and not process.stdin.closed:
            with suppress(BrokenPipeError):
                process.stdin.close()
    failed = [
        (process, _words(errors))
        for process, errors in zip(running, said, strict=True)
        if process.wait() != 0
    ]
    if failed:
        # Where one goes, those before it break their pipes without a word.
        process, words = next((each for each in reversed(failed) if each[1]), failed[0])
        command = list(process.args) if isinstance(process.args, list) else [str(process.args)]
        name = Path(str(command[0])).name
        raise CommandFailed(f"{name} failed: {words or f'code {process.returncode}'}")


def _words(errors: IO[bytes]) -> str:
    errors.seek(0)
    return " ".join(errors.read().decode(errors="replace").strip().splitlines()[:2])


def _end(running: Sequence["subprocess.Popen[bytes]"]) -> None:
    for process in reversed(running):
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with suppress(BrokenPipeError):
                    pipe.close()


def _given(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise RuntimeError("a pipe was asked for")
    return pipe
