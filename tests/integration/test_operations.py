"""Operations on the whole system: a real Prometheus, the doctor, a parked event and its runbook."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import text

from services.apphost import SERVICES
from services.cli.local.datafolder import settings_written
from services.contracts import public
from tests.operations.rules import DEPLOY, ROOT, groups, metrics_in
from tests.operations.test_dashboards import expressions
from tests.operations.test_log_lines import faults
from tests.support.apps import eventually
from tests.support.city import CRITICAL, City, answer_phq9, book, open_offer
from tests.support.prometheus import Prometheus

QUEUE = "notification.offer-changes"
SUBSCRIPTIONS = "/api/accounts/v1/subscriptions"
MOST_SECONDS = 60


@pytest.fixture(scope="module")
def city(make_city: Callable[[], City]) -> Iterator[City]:
    """The one city, found by commands through its data folder."""
    made = make_city()
    with settings_written(made.folder, made.settings):
        yield made


@pytest.fixture(scope="module")
def prometheus(city: City, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    ports = {name: each.port for name, each in city.services.items()}
    server = Prometheus(tmp_path_factory.mktemp("prometheus"), ports)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def walked(city: City) -> City:
    """Somebody answered, booked and got mail; somebody else was in danger and an officer came;
    and another system subscribed.
    """
    subscription = {"name": "rights-office", "title": "权益保障", "types": public.PUBLIC[:1]}
    assert city.as_person("ops").call("POST", SUBSCRIPTIONS, subscription).status in {201, 409}
    worker, duty = city.as_person("worker201"), city.as_person("duty1")
    assert answer_phq9(worker).status == 201
    assert book(worker, open_offer(worker)).status == 201
    case = answer_phq9(city.as_person("worker202"), CRITICAL).body["case"]
    path = f"/api/booking/v1/cases/{case}"
    eventually(lambda: duty.call("GET", path).status == 200, within=MOST_SECONDS, what="the case")
    paged = "case_id = :case AND kind = 'page-sent'"
    eventually(lambda: city.count("booking", "case_steps", paged, case=case), within=MOST_SECONDS)
    assert duty.call("POST", f"{path}/acknowledge", {}).status == 200
    return city


def huixin(city: City, *words: str) -> tuple[int, str]:
    """A command as ops types it."""
    finished = subprocess.run(
        [sys.executable, "-P", "-m", "services.cli", *words, "--data", str(city.folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return finished.returncode, finished.stdout + finished.stderr


def wrong(city: City) -> list[dict[str, str]]:
    """What the doctor finds, apart from cases that other tests of this city left waiting."""
    found = [json.loads(line) for line in huixin(city, "doctor", "--json")[1].splitlines()]
    assert len(found) > 15
    return [
        each
        for each in found
        if each["severity"] in {"warning", "critical"} and each["where"] != "cases"
    ]


def test_every_target_is_up_and_every_rule_is_well(walked: City, prometheus: Prometheus) -> None:
    up = dict.fromkeys(SERVICES, "up")
    eventually(lambda: prometheus.targets() == up, within=MOST_SECONDS, what="all targets up")

    def evaluated() -> bool:
        return all(rule["health"] == "ok" for rule in prometheus.rules())

    # Rules over days are evaluated once a minute, beginning anywhere within it.
    eventually(evaluated, within=2 * MOST_SECONDS, what="every rule evaluated")
    assert len(prometheus.rules()) > 80
    assert {rule.get("lastError", "") for rule in prometheus.rules()} == {""}


def test_every_metric_that_rules_and_dashboards_name_is_there(
    walked: City, prometheus: Prometheus
) -> None:
    exempt = set(tomllib.loads((DEPLOY / "prometheus/exporters.toml").read_text()))
    asked = [*expressions(), *(rule["expr"] for group in groups() for rule in group["rules"])]
    named = {name for expr in asked for name in metrics_in(expr)} - exempt

    def missing() -> set[str]:
        return named - prometheus.names()

    assert len(named) > 50
    eventually(lambda: not missing(), within=150, what=f"missing: {sorted(missing())}")


def test_an_exemption_names_what_is_asked_for_and_why() -> None:
    exempt = tomllib.loads((DEPLOY / "prometheus/exporters.toml").read_text())
    asked = [*expressions(), *(rule["expr"] for group in groups() for rule in group["rules"])]

    assert set(exempt) <= {name for expr in asked for name in metrics_in(expr)}
    assert all(each["reason"] and each["exporter"] for each in exempt.values())


def test_a_page_is_timed_from_the_sign_of_danger(walked: City, prometheus: Prometheus) -> None:
    asked = "sum(huixin_booking_signal_to_page_seconds_count)"

    def counted() -> Any:
        found = prometheus.ask(asked)
        return found and float(found[0]["value"][1])

    assert eventually(counted, within=MOST_SECONDS, what="a page counted") >= 1


def test_labels_stay_few(walked: City, prometheus: Prometheus) -> None:
    for name in (each for each in prometheus.names() if each.startswith("huixin_")):
        [series] = prometheus.ask(f'count(last_over_time({{__name__="{name}"}}[10m]))')
        assert int(series["value"][1]) < 2_500, name


def test_what_the_services_wrote_obeys_the_log_schema(walked: City) -> None:
    for name, service in walked.services.items():
        lines = service.log.read_text().splitlines()
        assert lines, name
        assert [(line, faults(line)) for line in lines if faults(line)] == []


def test_the_doctor_finds_nothing_in_a_system_that_is_well(walked: City) -> None:
    assert wrong(walked) == []


@contextmanager
def a_database_that_refuses(city: City) -> Iterator[None]:
    """A rule on the table of messages that an earlier hand left there: offers cannot be told."""
    engine = city.engines["notification"]
    with engine.begin() as connection:
        connection.execute(
            text(
                "ALTER TABLE messages ADD CONSTRAINT left_behind CHECK (about_offer IS NULL)"
                " NOT VALID"
            )
        )
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE messages DROP CONSTRAINT left_behind"))


def parked(city: City) -> list[dict[str, Any]]:
    """What the command lists."""
    said = huixin(city, "parked", "list", "--queue", QUEUE, "--json")[1]
    return [json.loads(line) for line in said.splitlines()]


def hurry(city: City) -> None:
    """Time passes: every retry is due."""
    with city.engines["notification"].begin() as connection:
        connection.execute(text("UPDATE inbox SET due_at = now() WHERE state = 'retry'"))


def test_a_parked_event_is_found_by_its_alert_mended_by_its_runbook_and_its_loop_completes(
    walked: City, prometheus: Prometheus
) -> None:
    city, worker = walked, walked.as_person("worker203")
    with a_database_that_refuses(city):
        loop = answer_phq9(worker).correlation_id
        open_offer(worker)

        def gave_up() -> int:
            hurry(city)
            return city.count("notification", "inbox", "state = 'parked'")

        eventually(gave_up, within=2 * MOST_SECONDS, what="the event is parked")
        fires = "MessageParked", QUEUE
        eventually(lambda: prometheus.firing(fires[0], queue=QUEUE), within=MOST_SECONDS)
        [rule] = (r for r in prometheus.rules() if r["name"] == "MessageParked")
        runbook = (ROOT / rule["annotations"]["runbook_url"]).read_text()

        [told] = (each for each in wrong(city) if each["alert"] == "MessageParked")
        assert told["where"] == "notification db"
        assert told["do"] == f"./huixin parked list --queue {QUEUE}"
        [event] = parked(city)
        assert (event["correlation"], event["attempts"]) == (loop, 5)
        code, said = huixin(city, "parked", "inspect", event["event"])
        assert (code, '"data"' in said, worker.person["id"] in said) == (0, False, False)

        code, said = _replay(city, event, runbook)
        assert (code, "failed again" in said) == (1, True)

    code, said = _replay(city, event, runbook, "--retrying")
    assert (code, "took effect" in said) == (0, True)
    ops = city.as_person("ops")

    def steps() -> set[str]:
        answer = ops.call("GET", f"/api/reporting/v1/loops/{loop}")
        return {each["type"] for each in answer.body["items"]} if answer.status == 200 else set()

    eventually(lambda: "notification.message-sent.v1" in steps(), within=MOST_SECONDS)
    eventually(lambda: not prometheus.firing(fires[0], queue=QUEUE), within=MOST_SECONDS)
    assert parked(city) == []
    assert wrong(city) == []


def _replay(city: City, event: dict[str, Any], runbook: str, *more: str) -> tuple[int, str]:
    """As the runbook has it."""
    assert "./huixin parked replay EVENT" in runbook
    words = ("--reason", "the rule left behind is gone", "--wait", "30", *more)
    return huixin(city, "parked", "replay", event["event"], *words)


def test_a_service_that_is_killed_is_told_by_alert_and_doctor(
    walked: City, prometheus: Prometheus
) -> None:
    walked.services["reporting"].kill()
    try:
        found = wrong(walked)
        assert {"ServiceDown", "QueueWithoutReader"} <= {each["alert"] for each in found}
        eventually(lambda: prometheus.firing("ServiceDown", job="reporting"), within=90)
    finally:
        walked.start("reporting")

    eventually(lambda: not prometheus.firing("ServiceDown"), within=MOST_SECONDS)


def test_a_queue_that_hears_nothing_is_found_by_the_doctor(walked: City) -> None:
    admin, kind = walked.settings["HUIXIN_BROKER_ADMIN_URL"], "booking.offer-expired.v1"
    from kombu import Connection

    with Connection(admin) as connection, connection.channel() as channel:
        channel.queue_unbind(QUEUE, exchange="booking.events", routing_key=kind)
    try:
        [found] = wrong(walked)
        assert (found["what"], found["do"]) == (
            f"{QUEUE} does not hear {kind} of booking.events",
            "./huixin topology",
        )
    finally:
        with Connection(admin) as connection, connection.channel() as channel:
            channel.queue_bind(QUEUE, exchange="booking.events", routing_key=kind)
