"""Panels in few words: what to ask, how to name it, in which unit, and where it turns red."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Panel = dict[str, Any]
Board = dict[str, Any]

SOURCE = {"type": "prometheus", "uid": "${datasource}"}
COLUMNS, HIGH, LOW = 24, 8, 4
RATE = "[$__rate_interval]"


def lines(title: str, unit: str, asked: Mapping[str, str], *, about: str = "") -> Panel:
    """A graph over time; `asked` is legend → expression."""
    return {
        "type": "timeseries",
        **_common(title, unit, asked, about),
        "options": {
            "legend": {"displayMode": "table", "placement": "bottom", "calcs": ["lastNotNull"]},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
    }


def number(
    title: str, unit: str, expr: str, *, red_from: float | None = None, about: str = ""
) -> Panel:
    """The figure of now; red from a value, where that is bad."""
    panel = {"type": "stat", **_common(title, unit, {"": expr}, about)}
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if red_from is not None:
        steps.append({"color": "red", "value": red_from})
    panel["fieldConfig"]["defaults"]["thresholds"] = {"mode": "absolute", "steps": steps}
    panel["options"] = {
        "colorMode": "background" if red_from is not None else "value",
        "graphMode": "area",
        "reduceOptions": {"calcs": ["lastNotNull"]},
    }
    return panel


def quantile(share: float, metric: str, by: str = "", where: str = "") -> str:
    """A quantile of a histogram, over all processes."""
    labels = f"{by}, le" if by else "le"
    return f"histogram_quantile({share}, sum by ({labels}) (rate({metric}_bucket{where}{RATE})))"


def board(uid: str, title: str, about: str, rows: Mapping[str, Sequence[Panel]]) -> Board:
    """A dashboard of titled rows; the panels of a row share its width."""
    return {
        "uid": uid,
        "title": title,
        "description": about,
        "tags": ["huixin"],
        "schemaVersion": 39,
        "version": 1,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "Asia/Shanghai",
        "templating": {
            "list": [
                {
                    "name": "datasource",
                    "type": "datasource",
                    "query": "prometheus",
                    "label": "Prometheus",
                }
            ]
        },
        "links": [
            {"title": "Huixin", "type": "dashboards", "tags": ["huixin"], "keepTime": True},
        ],
        "panels": list(_placed(rows)),
    }


def _placed(rows: Mapping[str, Sequence[Panel]]) -> Iterator[Panel]:
    number, y = 1, 0
    for title, panels in rows.items():
        yield _row(number, title, y)
        number, y = number + 1, y + 1
        width = COLUMNS // len(panels)
        height = max(HIGH if each["type"] == "timeseries" else LOW for each in panels)
        for place, panel in enumerate(panels):
            at = {"x": place * width, "y": y, "w": width, "h": height}
            yield {"id": number, **panel, "gridPos": at}
            number += 1
        y += height


def _row(number: int, title: str, y: int) -> Panel:
    at = {"x": 0, "y": y, "w": COLUMNS, "h": 1}
    return {
        "id": number,
        "type": "row",
        "title": title,
        "collapsed": False,
        "panels": [],
        "gridPos": at,
    }


def _common(title: str, unit: str, asked: Mapping[str, str], about: str) -> Panel:
    targets = [
        {
            "refId": chr(ord("A") + place),
            "expr": expr,
            "legendFormat": legend,
            "datasource": SOURCE,
        }
        for place, (legend, expr) in enumerate(asked.items())
    ]
    return {
        "title": title,
        "description": about,
        "datasource": SOURCE,
        "targets": targets,
        "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
    }
