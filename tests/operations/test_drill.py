"""The drill: a running city is kept under load, its machine is lost, and another takes over."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from services.cli.backups.sealing import make_identity
from services.cli.client import PublicClient
from services.contracts.subscriptions import SUBSCRIPTIONS
from tests.operations.commands import begun, done
from tests.support.apps import eventually
from tests.support.city import CRITICAL, City, answer_phq9, book, open_offer
from tests.support.databases import TestPostgres

BUSY = [f"worker{number}" for number in range(120, 132)]
KEPT = ("secrets.env", "care-policy.json", "crisis-policy.json")


class Machine:
    """A PostgreSQL, a broker and a mail server of its own, and what runs on them."""

    def __init__(self, folder: Path, *, migrated: bool = True) -> None:
        folder.chmod(0o755)
        self.postgres = TestPostgres(folder)
        self.postgres.start()
        self.city = City(folder, self.postgres, migrated=migrated)

    def lose(self) -> None:
        self.city.end()
        self.postgres.stop()


@pytest.fixture
def machines(server_folder: Path) -> Iterator[dict[str, Machine]]:
    running: dict[str, Machine] = {}
    yield running
    for machine in running.values():
        machine.lose()


def folder_of(server_folder: Path, name: str) -> Path:
    folder = server_folder / name
    folder.mkdir(mode=0o755)
    return folder


def answers_all_the_time(city: City, backup: "subprocess.Popen[str]") -> int:
    """Workers answer as long as the backup is being made; how many answers were taken."""

    def answer(login: str) -> int:
        worker, taken = city.as_person(login), 0
        while backup.poll() is None:
            taken += answer_phq9(worker).status == 201
        return taken

    with ThreadPoolExecutor(len(BUSY)) as pool:
        return sum(pool.map(answer, BUSY))


def unheard(city: City) -> dict[str, int]:
    """Sent events that a reader's inbox does not have, by queue."""
    found: dict[str, int] = {}
    for subscription in SUBSCRIPTIONS:
        types = list(subscription.types)
        sent: set[Any] = set()
        for sender in {kind.split(".", 1)[0] for kind in types}:
            query = "SELECT id FROM outbox WHERE type = ANY(:types)"
            sent |= {row.id for row in city.query(sender, query, types=types)}
        query = "SELECT event_id FROM inbox WHERE queue = :queue AND state = 'done'"
        heard = city.query(subscription.reader, query, queue=subscription.queue)
        if missing := sent - {row.event_id for row in heard}:
            found[subscription.queue] = len(missing)
    return found


def a_case_nobody_took(city: City) -> str:
    answer = answer_phq9(city.as_person("worker102"), CRITICAL)
    case = answer.body["case"]
    eventually(
        lambda: city.count("notification", "escalations", "case_id = :case", case=case),
        within=30,
        what="the paging of the case",
    )
    return str(case)


def an_hour_passes(city: City, case: str) -> None:
    """All that a case waits for lies an hour further back: so long did it take to find another
    machine.
    """
    hour = "interval '1 hour'"
    moments = "table_name = 'cases' AND data_type = 'timestamp with time zone'"
    columns = city.query(
        "booking", f"SELECT column_name FROM information_schema.columns WHERE {moments}"
    )
    earlier = ", ".join(f"{each[0]} = {each[0]} - {hour}" for each in columns)
    [[rungs]] = city.query(
        "notification", "SELECT rungs FROM escalations WHERE case_id = :c", c=case
    )
    for rung in rungs:
        due = datetime.fromisoformat(rung["due_at"]) - timedelta(hours=1)
        rung["due_at"] = due.isoformat()
    moved = {"case": case, "rungs": json.dumps(rungs)}
    for service, statement in (
        ("booking", f"UPDATE cases SET {earlier} WHERE id = :case"),
        (
            "notification",
            "UPDATE escalations SET rungs = CAST(:rungs AS jsonb) WHERE case_id = :case",
        ),
        ("booking", f"UPDATE timers SET due_at = due_at - {hour} WHERE key = :case"),
        ("notification", f"UPDATE timers SET due_at = due_at - {hour} WHERE key = :case"),
    ):
        with city.engines[service].begin() as connection:
            assert connection.execute(text(statement), moved).rowcount == 1


def test_a_lost_machine_is_replaced_out_of_its_backup(
    server_folder: Path, machines: dict[str, Machine], tmp_path: Path
) -> None:
    recipient = make_identity(tmp_path / "identity")
    machines["lost"] = Machine(folder_of(server_folder, "lost"))
    city = machines["lost"].city
    city.start()
    city.fill()
    worker = city.as_person("worker101")
    response = answer_phq9(worker).body
    appointment = book(worker, open_offer(worker)).body
    case = a_case_nobody_took(city)
    city.as_person("duty1").get("/api/booking/v1/cases")
    shown = worker.get(f"/api/assessment/v1/responses/{response['id']}")

    words = ("backup", str(tmp_path / "kept"), "--to", recipient)
    backup = begun(city.settings, *words)
    taken = answers_all_the_time(city, backup)
    said, _ = backup.communicate()
    assert backup.returncode == 0, said
    assert taken > 0

    kept_secrets = folder_of(server_folder, "found")
    for name in KEPT:
        shutil.copy(city.folder / name, kept_secrets / name)
    machines.pop("lost").lose()
    machines["found"] = Machine(kept_secrets, migrated=False)
    city = machines["found"].city
    words = ("restore", str(tmp_path / "kept"), "--identity", str(tmp_path / "identity"))
    code, said = done(city.settings, *words)
    assert code == 0, said
    assert "≠" not in said
    an_hour_passes(city, case)
    city.start()

    worker = city.as_person("worker101")
    assert worker.get(f"/api/assessment/v1/responses/{response['id']}") == shown
    found = worker.get(f"/api/booking/v1/appointments/{appointment['id']}")
    assert found["state"] == "booked"
    officers = [f"duty{number}@mail.example" for number in (1, 2)]
    eventually(
        lambda: any(city.mailbox.mails(to=each) for each in officers),
        within=30,
        what="the case of before pages on",
    )
    duty = city.as_person("duty1")
    taken_over = duty.call("POST", f"/api/booking/v1/cases/{case}/acknowledge", {})
    assert taken_over.status == 200, taken_over.body
    again = answer_phq9(PublicClient(city.url).signed_in("worker140", "huixin-demo"))
    assert again.status == 201
    eventually(lambda: city.settled() and not unheard(city), within=60, what="every event heard")
    assert unheard(city) == {}
    code, said = done(city.settings, "audit", "verify")
    assert code == 0, said
