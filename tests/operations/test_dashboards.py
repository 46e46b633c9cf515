"""Dashboards and rules are what their definitions make, and can be read by those they are for."""

import json
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from services import __version__
from services.cli.monitoring.files import generated
from tests.operations.rules import DEPLOY, ROOT, groups, metrics_in, records

BOARDS = sorted((DEPLOY / "grafana/dashboards").glob("*.json"))


def board(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def expressions() -> list[str]:
    """All that the dashboards ask."""
    return [
        target["expr"]
        for path in BOARDS
        for panel in board(path)["panels"]
        for target in panel.get("targets", ())
    ]


@pytest.mark.parametrize("name", generated(ROOT))
def test_what_is_committed_is_what_the_definitions_make(name: str) -> None:
    assert (ROOT / name).read_text() == generated(ROOT)[name], "run ./huixin monitoring"


def test_the_operator_gets_the_rules_that_prometheus_gets() -> None:
    resource = yaml.safe_load((DEPLOY / "prometheus/prometheusrule.yaml").read_text())

    assert resource["kind"] == "PrometheusRule"
    assert resource["spec"]["groups"] == groups()


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
def test_a_dashboard_has_titles_places_units_and_questions(path: Path) -> None:
    found = board(path)
    panels = [each for each in found["panels"] if each["type"] != "row"]

    assert found["uid"] == path.stem
    assert len({each["id"] for each in found["panels"]}) == len(found["panels"])
    assert len(panels) >= 9
    for panel in panels:
        at = panel["gridPos"]
        assert panel["title"] and panel["targets"] and panel["fieldConfig"]["defaults"]["unit"]
        assert at["x"] + at["w"] <= 24
        assert panel["datasource"]["uid"] == "${datasource}"


def test_no_two_panels_lie_on_one_another() -> None:
    for path in BOARDS:
        taken: set[tuple[int, int]] = set()
        for panel in board(path)["panels"]:
            at = panel["gridPos"]
            here = {
                (x, y)
                for x in range(at["x"], at["x"] + at["w"])
                for y in range(at["y"], at["y"] + at["h"])
            }
            assert not here & taken, (path.stem, panel["title"])
            taken |= here


def test_prometheus_can_read_every_question(tmp_path: Path) -> None:
    asked = [expr.replace("$__rate_interval", "5m") for expr in expressions()]
    rules = [{"record": f"asked:{number}", "expr": expr} for number, expr in enumerate(asked)]
    file = tmp_path / "asked.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "asked", "rules": rules}]}))

    checked = subprocess.run(
        ["promtool", "check", "rules", "--lint=none", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_recording_rules_that_are_asked_for_are_made() -> None:
    asked = [*expressions(), *(r["expr"] for g in groups() for r in g["rules"])]
    named = {each for expr in asked for each in metrics_in(expr) if each.startswith("slo:")}

    assert named
    assert named <= records()


def test_the_component_hands_every_dashboard_to_grafana() -> None:
    component = yaml.safe_load((DEPLOY / "grafana/kustomization.yaml").read_text())
    [made] = component["configMapGenerator"]

    assert component["kind"] == "Component"
    assert sorted(made["files"]) == [f"dashboards/{path.name}" for path in BOARDS]
    assert made["options"]["labels"]["grafana_dashboard"] == "1"


def test_the_configuration_names_every_service_here_and_in_compose() -> None:
    from services.apphost import SERVICES

    for name in ("targets.yml", "targets.compose.yml"):
        targets = yaml.safe_load((DEPLOY / "prometheus" / name).read_text())
        ports = {each["labels"]["job"]: each["targets"][0].split(":")[1] for each in targets}
        assert ports == {each.name: str(each.port) for each in SERVICES.values()}


def test_the_version_that_metrics_tell_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert __version__ == project["version"]
