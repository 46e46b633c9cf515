"""The pages of operators, with sample answers behind them."""

from collections.abc import Callable
from typing import Any

from services.portal.ops.subscriber_entrypoints import CHOSEN, CLOSED, OPEN
from services.portal.ops.subscriber_views import subscriber_views
from services.portal.ops.views import loop_view
from services.portal.web.forms import Form
from services.portal.web.language import Translator
from tests.unit.portal import samples

Words = dict[str, Any]
PageMaker = Callable[[Translator], Words]


def _ops(t: Translator) -> Words:
    steps = [
        {"type": "assessment.response-completed.v1", "at": samples.at()},
        {"type": "booking.offer-made.v1", "at": samples.at(seconds=0.08)},
        {"type": "notification.message-sent.v1", "at": samples.at(minutes=3)},
    ]
    service = {"name": "booking", "state": "degraded", "tone": "warm", "docs": "/x"}
    return {
        "form": Form({"loop": "a-correlation-id"}),
        "loop_found": loop_view({"correlation_id": "a-correlation-id", "steps": steps}, t),
        "services": [service],
        "links": [("Grafana", "http://grafana.example")],
    }


def _subscribers(t: Translator) -> Words:
    listed = [
        samples.a_subscription(),
        samples.a_subscription(
            id="7-2", name="rights", state="paused", types=[CLOSED[0]], delivered=90
        ),
        samples.a_subscription(
            id="7-3",
            name="training",
            url="https://hooks.example/huixin",
            queue=None,
            state="stopped",
            reason="http-410",
            failing_since=samples.at(days=-3),
        ),
    ]
    problems = {"name": t("problem.field.required"), "types": t("problem.field.required")}
    return {
        "subscribers": subscriber_views(listed, t),
        "form": Form({"title": "培训系统", f"{CHOSEN}{OPEN[0]}": "yes"}, problems),
        "open_types": OPEN,
        "closed_types": CLOSED,
        "chosen": CHOSEN,
    }


def _subscriber_made(_t: Translator) -> Words:
    credentials = {"user": "subscriber-library", "secret": "s3cr3t", "signing_key": "whsec_x"}
    return {"made": {**samples.a_subscription(), "credentials": credentials}}


OPERATORS: dict[str, tuple[str, str, PageMaker]] = {
    "ops": ("ops/ops.html", "ops", _ops),
    "subscribers": ("ops/subscribers.html", "ops", _subscribers),
    "subscribers-none": (
        "ops/subscribers.html",
        "ops",
        lambda t: {**_subscribers(t), "subscribers": [], "form": Form()},
    ),
    "subscriber-made": ("ops/subscriber-made.html", "ops", _subscriber_made),
}
