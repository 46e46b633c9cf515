"""`./huixin audit`: whole or broken, by exit code and in words; heads to keep elsewhere."""

import argparse
import json
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from services.chassis.auditchain import seal_waiting_rows
from services.chassis.keyring import KeyRing
from services.cli import audit
from services.cli.errors import CommandFailed
from tests.support.apps import KEYRING
from tests.support.databases import Databases

NOTE = text("INSERT INTO audit (action, subject, correlation_id) VALUES ('case.read', :s, '')")


class Booking:
    def __init__(self, url: str) -> None:
        self.engine = create_engine(url)

    def note_and_seal(self, rows: int = 1) -> None:
        with self.engine.begin() as connection:
            for number in range(rows):
                connection.execute(NOTE, {"s": str(number)})
            seal_waiting_rows(connection, KeyRing.from_settings(KEYRING))

    def execute(self, statement: str) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(statement))


@pytest.fixture
def booking(postgres: Databases, monkeypatch: pytest.MonkeyPatch) -> Booking:
    url = postgres.database("booking")
    monkeypatch.setenv("BOOKING_DATABASE_URL", url)
    monkeypatch.setenv("BOOKING_KEYRING", json.dumps(KEYRING))
    return Booking(url)


def command(*words: str) -> int:
    parser = argparse.ArgumentParser()
    audit.add_arguments(parser)
    return audit.run(parser.parse_args([*words, "--service", "booking"]))


def test_a_whole_chain_ends_with_zero(booking: Booking, capsys: pytest.CaptureFixture[str]) -> None:
    booking.note_and_seal(3)

    assert command("verify") == 0

    assert "whole: 3 rows in 1 seals, 0 not yet sealed" in capsys.readouterr().out


def test_a_broken_chain_ends_with_one_and_names_the_row(
    booking: Booking, capsys: pytest.CaptureFixture[str]
) -> None:
    booking.note_and_seal(3)
    booking.execute("DELETE FROM audit WHERE subject = '1'")

    assert command("verify") == 1

    said = capsys.readouterr().out
    assert "BROKEN in 1 places" in said
    assert "row 2 of seal 1 is missing" in said


def test_heads_kept_elsewhere_show_an_end_that_was_cut_off(
    booking: Booking, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    booking.note_and_seal()
    booking.note_and_seal()
    command("head")
    heads = tmp_path / "heads"
    heads.write_text(capsys.readouterr().out)
    assert command("verify", "--heads", str(heads)) == 0

    booking.execute("DELETE FROM audit WHERE seal = 2")
    booking.execute("DELETE FROM audit_seals WHERE number = 2")

    assert command("verify") == 0
    assert command("verify", "--heads", str(heads)) == 1
    assert "seal 2, whose head was copied, is missing" in capsys.readouterr().out


def test_a_file_that_holds_no_heads_is_refused(booking: Booking, tmp_path: Path) -> None:
    heads = tmp_path / "heads"
    heads.write_text("nonsense")

    with pytest.raises(CommandFailed, match="holds no heads"):
        command("verify", "--heads", str(heads))
