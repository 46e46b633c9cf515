"""Every generated file of deploy/, by its path, with its content."""

import json
from pathlib import Path

from services.cli.monitoring.dashboards import DASHBOARDS
from services.cli.monitoring.rules import RUNBOOKS, as_document, as_resource, rule_groups

RULES = "deploy/prometheus/huixin.rules.yml"
RESOURCE = "deploy/prometheus/prometheusrule.yaml"
FOLDER = "deploy/grafana/dashboards"


def generated(root: Path, runbooks: str = RUNBOOKS) -> dict[str, str]:
    """The same rules for Prometheus itself and for its operator, and the dashboards."""
    groups = rule_groups(root / "deploy/prometheus", runbooks)
    boards = {
        f"{FOLDER}/{name}.json": json.dumps(board, indent=2, ensure_ascii=False) + "\n"
        for name, board in DASHBOARDS.items()
    }
    return {RULES: as_document(groups), RESOURCE: as_resource(groups), **boards}
