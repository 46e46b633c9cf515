"""Every alert fires when it should and stays silent when it should not, as promtool says."""

import subprocess
from pathlib import Path

import pytest
import yaml

from tests.operations.rules import OFTEN, RULES, SELDOM, alerts, cases, metrics_in, rules_for


def promtool(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["promtool", *map(str, arguments)], capture_output=True, text=True, check=False
    )


def test_the_rules_are_well_formed() -> None:
    checked = promtool("check", "rules", RULES)

    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("group", sorted({rules[0]["group"] for rules in alerts().values()}))
def test_each_alert_fires_and_stays_silent_as_its_cases_say(tmp_path: Path, group: str) -> None:
    files = []
    for alert in (name for name, rules in alerts().items() if rules[0]["group"] == group):
        rules = tmp_path / f"{alert}.rules.yml"
        rules.write_text(yaml.safe_dump(rules_for(alert)))
        for often in (OFTEN, SELDOM):
            mine = [c.test() for c in cases() if (c.alert, c.evaluated) == (alert, often)]
            if mine:
                files.append(tmp_path / f"{alert}.{often}.yml")
                document = {
                    "rule_files": [str(rules)],
                    "evaluation_interval": often,
                    "tests": mine,
                }
                files[-1].write_text(yaml.safe_dump(document, sort_keys=False))

    tested = promtool("test", "rules", *files)

    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_no_alert_is_without_a_case_in_which_it_fires_and_one_in_which_it_does_not() -> None:
    fire = {case.alert for case in cases() if case.stand}
    silent = {case.alert for case in cases() if not case.stand}

    assert fire == silent == set(alerts())


def test_every_burn_rate_has_a_case_of_its_own() -> None:
    burns = {
        (name, rule["labels"]["burn"])
        for name, rules in alerts().items()
        for rule in rules
        if "burn" in rule["labels"]
    }

    shown = {(case.alert, case.where.split('"')[1]) for case in cases() if "burn=" in case.where}
    assert shown == burns


def test_a_crisis_is_told_without_waiting() -> None:
    critical = [
        rule
        for rules in alerts().values()
        for rule in rules
        if rule["group"] == "crisis" and rule["labels"]["severity"] == "critical"
    ]

    assert len(critical) >= 10
    assert [rule["alert"] for rule in critical if "for" in rule] == []


def test_what_every_replica_reads_from_the_database_is_never_added_up() -> None:
    shared = (
        "huixin_outbox_", "huixin_inbox_", "huixin_timers_late", "huixin_booking_cases_",
        "huixin_booking_acknowledge", "huixin_booking_contact", "huixin_booking_roster",
        "huixin_booking_open_slots", "huixin_notification_oldest", "huixin_notification_open_",
    )  # fmt: skip
    for name, rules in alerts().items():
        for rule in rules:
            for metric in metrics_in(rule["expr"]):
                if metric.startswith(shared):
                    assert rule["expr"].startswith("max"), name


def test_summaries_name_no_label_that_their_expression_has_dropped() -> None:
    """promtool says nothing of it: the alert would read «of <no value>»."""
    import re

    for name, rules in alerts().items():
        for rule in rules:
            named = set(re.findall(r"\$labels\.([a-z_]+)", rule["annotations"]["summary"]))
            kept = set(
                re.findall(r"[a-z_]+", " ".join(re.findall(r"by \(([^)]*)\)", rule["expr"])))
            )
            if "by (" in rule["expr"]:
                assert named <= kept | {"service"}, name
