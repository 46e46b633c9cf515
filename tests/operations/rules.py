"""The rules as they are loaded, what they ask for, and the cases that prove each alert."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
RULES = DEPLOY / "prometheus" / "huixin.rules.yml"
# Between two samples of a series, and two looks at a rule. Cases that last an hour or more are
# looked at less often: nothing of them depends on seconds.
OFTEN, SELDOM = "15s", "2m"

_METRIC = re.compile(
    r"\b(?:huixin_[a-z0-9_]+|rabbitmq_[a-z_]+|cnpg_[a-z_]+|barman_[a-z_]+|kube_[a-z_]+"
    r"|certmanager_[a-z_]+|process_[a-z_]+|slo:[a-z0-9_:]+|up(?=\{|\b))"
)


@cache
def groups() -> list[dict[str, Any]]:
    """The groups of the file that Prometheus loads."""
    found: list[dict[str, Any]] = yaml.safe_load(RULES.read_text())["groups"]
    return found


def alerts() -> dict[str, list[dict[str, Any]]]:
    """Alert → its rules: burn rates have several under one name."""
    found: dict[str, list[dict[str, Any]]] = {}
    for group in groups():
        for rule in group["rules"]:
            if "alert" in rule:
                found.setdefault(rule["alert"], []).append({**rule, "group": group["name"]})
    return found


def records() -> set[str]:
    """What the recording rules make."""
    return {rule["record"] for group in groups() for rule in group["rules"] if "record" in rule}


def metrics_in(expression: str) -> set[str]:
    """Every metric that an expression names."""
    return set(_METRIC.findall(expression))


@dataclass(frozen=True, slots=True)
class Case:
    """Series as they come in, and how many alerts stand at a moment."""

    alert: str
    series: dict[str, str]
    at: str
    stand: int
    where: str = "{}"
    name: str = ""

    @property
    def evaluated(self) -> str:
        """How often its rules are, and its series sampled."""
        return SELDOM if self.at.endswith("h") or self.at in {"70m", "62m"} else OFTEN

    def test(self) -> dict[str, Any]:
        """One entry of a promtool test file."""
        labels = self.where.strip("{}")
        standing = ",".join(
            filter(None, [f'alertname="{self.alert}"', 'alertstate="firing"', labels])
        )
        expected = [{"labels": "{}", "value": self.stand}] if self.stand else []
        return {
            "name": f"{self.alert}: {self.name or ('fires' if self.stand else 'stays silent')}",
            "interval": self.evaluated,
            "input_series": [
                {"series": series, "values": values} for series, values in self.series.items()
            ],
            "promql_expr_test": [
                {
                    "expr": f"count(ALERTS{{{standing}}})",
                    "eval_time": self.at,
                    "exp_samples": expected,
                }
            ],
        }


@cache
def cases() -> list[Case]:
    """All of tests/operations/alerts."""
    return [
        Case(alert=alert, **case)
        for path in sorted((Path(__file__).parent / "alerts").glob("*.yml"))
        for alert, found in yaml.safe_load(path.read_text()).items()
        for case in found
    ]


def rules_for(alert: str) -> dict[str, Any]:
    """The alert's own rules and what they ask of recording rules: a file for promtool."""
    asked = set().union(*(metrics_in(rule["expr"]) for rule in alerts()[alert]))
    mine = [
        {
            **group,
            "rules": [r for r in group["rules"] if {r.get("record"), r.get("alert")} & wanted],
        }
        for wanted in [asked | {alert}]
        for group in groups()
    ]
    return {"groups": [{**group, "interval": SELDOM} if "interval" in group else group
                       for group in mine if group["rules"]]}  # fmt: skip
