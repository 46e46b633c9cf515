"""What the doctor says of databases that something is wrong with, and of a system that is away."""

import argparse
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from services.cli import doctor
from services.cli.doctoring.crisis import look_at_crisis
from services.cli.doctoring.databases import look_at_databases
from services.cli.doctoring.files import look_at_files
from services.cli.doctoring.finding import Finding, Severity
from services.cli.doctoring.mail import look_at_mail
from services.cli.doctoring.system import System
from services.cli.errors import CommandFailed
from services.cli.local.datafolder import SETTINGS_FILE
from services.cli.mailbox import start_mailbox
from tests.support.databases import Databases

OUTBOX = (
    "INSERT INTO outbox (id, type, subject, sequence, correlation_id, data, urgent, created_at)"
    " VALUES (gen_random_uuid(), 'booking.offer-made.v1', 's', 1, 'c', '{}', :urgent,"
    " now() - interval '5 minutes')"
)
INBOX = (
    "INSERT INTO inbox (queue, event_id, state, body)"
    " VALUES (:queue, gen_random_uuid(), :state, '{}')"
)
TIMER = "INSERT INTO timers (kind, key, due_at) VALUES ('x', 'y', now() - interval '5 minutes')"
CASE = (
    "INSERT INTO cases (id, person, unit, correlation_id, crisis, source, policy, drill, acute,"
    " callback, first_opened_at, opened_at, state, due, step_due_at, next_due_at, waiting_since,"
    " paging_since, escalations, round, contact_by, attempts, channels, follow_ups)"
    " VALUES (gen_random_uuid(), :person, 'wh', 'c', true, 'response', 'p', :drill, false, false,"
    " now(), now(), 'opened', 'acknowledge', now(), now(), now() - interval '40 minutes', now(),"
    " 0, 1, now() + interval '1 hour', 0, '{}', 0)"
)

Say = Callable[..., None]


@pytest.fixture
def system(postgres: Databases, monkeypatch: pytest.MonkeyPatch) -> System:
    for service in ("ACCOUNTS", "BOOKING", "ASSESSMENT", "NOTIFICATION", "REPORTING"):
        monkeypatch.setenv(f"{service}_DATABASE_URL", postgres.database(service.lower()))
    monkeypatch.setenv("HUIXIN_EMBEDDED", "true")
    return System()


@pytest.fixture
def booking(system: System) -> Say:
    engine = create_engine(system.get("BOOKING_DATABASE_URL") or "")

    def execute(statement: str, **values: object) -> None:
        with engine.begin() as connection:
            connection.execute(text(statement), values)

    return execute


def wrong(findings: Iterable[Finding]) -> dict[str, Finding]:
    """What has to be done, by the alert or the place."""
    return {each.alert or each.where: each for each in findings if each.wrong}


def test_databases_in_order_are_said_to_be_in_order(system: System) -> None:
    found = list(look_at_databases(system))

    assert [each.severity for each in found] == [Severity.OK] * 5


@pytest.mark.parametrize(
    ("statement", "values", "alert", "severity"),
    [
        (OUTBOX, {"urgent": False}, "OutboxOld", Severity.CRITICAL),
        (OUTBOX, {"urgent": True}, "UrgentOutboxOld", Severity.CRITICAL),
        (INBOX, {"queue": "booking.response-completed", "state": "parked"}, "MessageParked",
         Severity.WARNING),
        (INBOX, {"queue": "booking.risk-flagged", "state": "retry"}, "CrisisEventFailing",
         Severity.CRITICAL),
        (TIMER, {}, "TimersLate", Severity.WARNING),
    ],
)  # fmt: skip
def test_what_stands_still_is_named_with_its_runbook(
    system: System,
    booking: Say,
    statement: str,
    values: dict[str, object],
    alert: str,
    severity: Severity,
) -> None:
    booking(statement, **values)

    found = wrong(look_at_databases(system))

    assert set(found) == {alert}
    assert found[alert].severity is severity
    assert found[alert].where == "booking db"
    assert found[alert].do
    assert found[alert].line().endswith(f"(deploy/runbooks/{alert}.md)")


def test_a_few_retries_are_no_reason_to_act(system: System, booking: Say) -> None:
    booking(INBOX, queue="booking.response-completed", state="retry")

    assert wrong(look_at_databases(system)) == {}


def test_a_schema_behind_the_program_is_told_with_the_command(system: System, booking: Say) -> None:
    booking("UPDATE alembic_version SET version_num = '0001'")

    [found] = wrong(look_at_databases(system)).values()

    assert (found.severity, found.do) == (Severity.CRITICAL, "./huixin migrate")


def test_a_schema_ahead_of_the_program_is_another_thing(system: System, booking: Say) -> None:
    booking("UPDATE alembic_version SET version_num = '9999'")

    [found] = wrong(look_at_databases(system)).values()

    assert (found.severity, "newer" in found.what) == (Severity.WARNING, True)


def test_a_database_that_is_away_is_one_line_without_its_address(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOOKING_DATABASE_URL", "postgresql+psycopg2://u:secret@127.0.0.1:9/x")

    [found] = wrong(look_at_databases(system)).values()

    assert (found.where, found.alert) == ("booking db", "DatabaseAway")
    assert "secret" not in found.line()


def test_a_case_nobody_took_and_an_empty_roster_are_told(system: System, booking: Say) -> None:
    person = str(uuid4())
    booking(CASE, person=person, drill=False)

    found = wrong(look_at_crisis(system))

    assert set(found) == {"CaseNotAcknowledged", "NobodyOnDuty", "RosterGapAhead"}
    assert "25 min" in found["CaseNotAcknowledged"].what
    assert not any(person in each.line() for each in found.values())


def test_a_drill_is_no_case_that_waits(system: System, booking: Say) -> None:
    booking(CASE, person=str(uuid4()), drill=True)

    assert "CaseNotAcknowledged" not in wrong(look_at_crisis(system))


def test_policies_nobody_signed_are_told_outside_the_embedded_mode(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIXIN_EMBEDDED", "false")

    found = wrong(look_at_crisis(system))

    assert set(found) == {"care policy", "crisis policy"}
    assert all("--signed-by" in each.do for each in found.values())


def test_a_mail_server_that_answers_is_well_and_one_that_is_away_is_told(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = start_mailbox()
    monkeypatch.setenv("NOTIFICATION_SMTP_URL", mailbox.url)
    monkeypatch.setenv("NOTIFICATION_MAIL_FROM", "惠心 <no-reply@huixin.localhost>")
    monkeypatch.setenv("NOTIFICATION_FALLBACK_CONTACTS", "duty@huixin.localhost")

    assert wrong(look_at_mail(system)) == {}
    assert mailbox.count() == 0

    mailbox.stop()
    assert set(wrong(look_at_mail(system))) == {"MailServerRefusing"}


def test_secrets_that_others_may_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "secrets.env").touch(mode=0o644)
    (tmp_path / SETTINGS_FILE).touch(mode=0o600)

    [found] = (each for each in look_at_files(System(tmp_path)) if "read" in each.what)

    assert found.do == f"chmod 600 {tmp_path / 'secrets.env'}"


def asked(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    doctor.add_arguments(parser)
    return parser.parse_args(words)


def test_the_exit_code_and_json_are_for_programs(
    system: System, booking: Say, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    booking(INBOX, queue="booking.response-completed", state="parked")
    monkeypatch.setattr(doctor, "_folder", lambda _given: None)
    monkeypatch.setattr(doctor, "LOOKS", (look_at_databases,))

    assert doctor.run(asked("--json")) == 1

    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(found) == 5
    [parked] = (each for each in found if each["severity"] == "warning")
    assert parked["runbook"] == "deploy/runbooks/MessageParked.md"


def test_a_folder_in_which_nothing_runs_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="No system runs in"):
        doctor.run(asked("--data", str(tmp_path)))
