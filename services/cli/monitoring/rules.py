"""Alert rules: the ones written out in deploy/prometheus/alerts, and those made of objectives."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from services.cli.monitoring.objectives import objective_groups

RUNBOOKS = "deploy/runbooks/"
HEAD = (
    "# Made by `./huixin monitoring` from alerts/*.yml and slo.toml: change those, then run it.\n"
)

Group = dict[str, Any]


def rule_groups(folder: Path, runbooks: str = RUNBOOKS) -> list[Group]:
    """Every group, each alert with the address of its runbook."""
    groups = [*_written(folder / "alerts"), *objective_groups(folder / "slo.toml")]
    for group in groups:
        for rule in group["rules"]:
            if "alert" in rule:
                rule["annotations"]["runbook_url"] = f"{runbooks}{rule['alert']}.md"
    return groups


def as_document(groups: list[Group]) -> str:
    """As Prometheus reads it from a file."""
    return HEAD + _dump({"groups": groups})


def as_resource(groups: list[Group]) -> str:
    """As the Prometheus operator reads it from the cluster."""
    resource = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "huixin", "labels": {"app.kubernetes.io/part-of": "huixin"}},
        "spec": {"groups": groups},
    }
    return HEAD + _dump(resource)


def _written(folder: Path) -> Iterator[Group]:
    for path in sorted(folder.glob("*.yml")):
        yield from yaml.safe_load(path.read_text())["groups"]


def _dump(document: Any) -> str:
    # Prometheus takes the words of a long expression as they are, over however many lines.
    text: str = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)
    return text
