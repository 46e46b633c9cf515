"""Prove that no row of the audit log was changed, taken away or put in; or print the chain's heads,
for a copy outside that also shows an end that was cut off."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from services.apphost import KEEPERS
from services.chassis.auditchain import head_of
from services.chassis.auditproof import AuditWalk, Proof, sealed_rows
from services.cli.errors import CommandFailed
from services.cli.keeping import database_url, keyring_of, one_moment
from services.cli.progress import bar, say

Heads = dict[str, dict[int, str]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, with which services, against which copied heads."""
    parser.add_argument("action", choices=("verify", "head"))
    parser.add_argument("--service", choices=KEEPERS, help="only this service")
    parser.add_argument("--heads", type=Path, help="lines that «audit head» printed earlier")
    parser.add_argument("--data", type=Path, help="the data folder of a running demo or up")


def run(arguments: argparse.Namespace) -> int:
    """1 where a chain is broken."""
    services = [arguments.service] if arguments.service else KEEPERS
    heads = read_heads(arguments.heads) if arguments.heads else {}
    try:
        if arguments.action == "head":
            return _print_heads(services, arguments.data)
        proofs = [_verify(name, arguments.data, heads.get(name, {})) for name in services]
    except DBAPIError as error:
        raise CommandFailed(f"The database cannot be read: {error.orig}") from None
    return 0 if all(proof.whole for proof in proofs) else 1


def read_heads(path: Path) -> Heads:
    """Digests by service and number; raises CommandFailed."""
    heads: Heads = {}
    try:
        for line in filter(str.strip, path.read_text().splitlines()):
            service, number, digest = line.split()
            heads.setdefault(service, {})[int(number)] = digest
    except (OSError, ValueError) as error:
        raise CommandFailed(f"{path} holds no heads of audit chains: {error}") from None
    return heads


def _print_heads(services: Sequence[str], folder: Path | None) -> int:
    for name in services:
        with one_moment(database_url(name, folder)) as connection:
            number, digest = head_of(connection)
        if number:
            print(name, number, digest)
    return 0


def _verify(service: str, folder: Path | None, heads: dict[int, str]) -> Proof:
    keyring = keyring_of(service, folder)
    with one_moment(database_url(service, folder)) as connection:
        walk = AuditWalk(connection, keyring, heads)
        with bar(sealed_rows(connection), service, "rows", keep=False) as progress:
            for rows in walk.steps():
                progress.update(rows)
    tell(service, walk.proof)
    return walk.proof


def tell(service: str, proof: Proof) -> None:
    """One line, and one more for each thing that is broken."""
    state = "whole" if proof.whole else f"BROKEN in {len(proof.broken)} places"
    say(f"  {service:<14}{state}: {proof.rows} rows in {proof.seals} seals, "
        f"{proof.waiting} not yet sealed")  # fmt: skip
    for what in proof.broken:
        say(f"      {what}")
