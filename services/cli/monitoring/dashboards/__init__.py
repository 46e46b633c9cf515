"""Grafana dashboards, one file each."""

from services.cli.monitoring.dashboards import crisis, events, loop, requests
from services.cli.monitoring.dashboards.panel import Board

DASHBOARDS: dict[str, Board] = {
    "huixin-loop": loop.BOARD,
    "huixin-crisis": crisis.BOARD,
    "huixin-events": events.BOARD,
    "huixin-requests": requests.BOARD,
}
