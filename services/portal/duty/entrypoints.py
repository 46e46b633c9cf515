"""The officer's pages: the queue that keeps itself fresh, and one case with what it asks for."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from werkzeug.wrappers import Response

from services.portal.client.refusals import Refused
from services.portal.duty import views
from services.portal.duty.contact_data import Revealed, reveal
from services.portal.web.desk import Desk
from services.portal.web.forms import Form
from services.portal.web.headers import PAGE_HEADERS
from services.portal.web.pages import page
from services.portal.web.visit import Visit
from services.portal.wiring import DeskProvider

MOST = 100
FIELDS: Mapping[str, tuple[str, ...]] = {
    "contacts": ("channel", "outcome", "level", "note"),
    "plan": ("plan", "level"),
    "referrals": ("kind", "reaction", "note"),
    "follow-ups": ("outcome", "note"),
    "close": ("reason", "note"),
    "acknowledge": (),
    "confirm-close": (),
    "refuse-close": (),
}
STEPS = {"referrals": "refer", "follow-ups": "follow-up", "contacts": "contact"}
DONE = {
    "acknowledge": "duty.acknowledged",
    "plan": "duty.planned",
    "close": "duty.closed",
}


class DutyEntrypoints:
    """Crisis duty."""

    desk: Desk = DeskProvider()

    @page("GET", "/duty", door="duty", pool="crisis")
    def duty(self, visit: Visit) -> Response:
        """The queue."""
        return visit.page("duty/queue.html", **_queue(visit), compact=False, now=visit.now)

    @page("GET", "/duty/pulse", door="duty", pool="crisis")
    def pulse(self, visit: Visit) -> Response:
        """The queue again, every few seconds; nothing where nothing has changed."""
        status = _status(visit)
        if views.seen(status, visit.now) == visit.argument("seen"):
            return Response(status=204, headers=PAGE_HEADERS)
        compact = bool(visit.argument("compact"))
        return visit.page("duty/pulse.html", **_queue(visit, status), compact=compact)

    @page("GET", "/duty/cases/<uuid:case>", door="duty", pool="crisis")
    def case(self, visit: Visit, case: UUID) -> Response:
        """One case."""
        return _case_page(visit, case, Form())

    @page("POST", "/duty/cases/<uuid:case>/reveal", door="duty", pool="crisis")
    def reveal(self, visit: Visit, case: UUID) -> Response:
        """How to reach the person, for a reason that is kept; shown once, never stored here."""
        reason = visit.form.get("reason", "")
        if not reason:
            problems = {"reason": visit.t("problem.field.required")}
            return _case_page(visit, case, Form(visit.form, problems), status=422)
        document = visit.api.get("booking", f"/cases/{case}")
        return _case_page(visit, case, Form(), revealed=reveal(visit, case, document, reason))

    @page("POST", "/duty/cases/<uuid:case>/<step>", door="duty", pool="crisis")
    def act(self, visit: Visit, case: UUID, step: str) -> Response:
        """Record a step of the protocol."""
        if step not in FIELDS:
            return visit.failure("not_found", 404)
        body = {name: visit.form[name] for name in FIELDS[step] if visit.form.get(name)}
        key = visit.form.get("key", "")
        try:
            visit.api.post("booking", f"/cases/{case}/{step}", body, key=key)
        except Refused as refused:
            form, status = visit.refused(refused.problem), refused.problem.status
            return _case_page(visit, case, form, status=status, step=STEPS.get(step, step))
        return visit.go(f"/duty/cases/{case}", DONE.get(step, "duty.recorded"))


def _status(visit: Visit) -> dict[str, Any]:
    found: dict[str, Any] = visit.api.get("booking", "/duty/status")
    return found


def _queue(visit: Visit, status: dict[str, Any] | None = None) -> dict[str, Any]:
    status = status or _status(visit)
    cases = visit.api.get("booking", "/cases", limit=MOST)["items"]
    return {
        "queue": views.queue(cases, status, visit.now, visit.t, _me(visit)),
        "acts": _acts(visit),
    }


def _me(visit: Visit) -> str:
    return visit.person.person if visit.person else ""


def _acts(visit: Visit) -> bool:
    """A clinical lead reads and confirms; only the duty acts."""
    return "duty" in visit.visitor.roles


def _case_page(
    visit: Visit,
    case: UUID,
    form: Form,
    *,
    status: int = 200,
    revealed: Revealed | None = None,
    step: str = "",
) -> Response:
    view = views.case_view(
        visit.api.get("booking", f"/cases/{case}"), visit.now, visit.t, _me(visit)
    )
    return visit.page(
        "duty/case.html",
        status=status,
        form=form,
        case=view,
        **_queue(visit),
        compact=True,
        now=visit.now,
        revealed=revealed,
        open_step=step or view.step,
        person=_me(visit),
        channels=views.CHANNELS,
        levels=views.LEVELS,
        referrals=views.REFERRALS,
        reactions=views.REACTIONS,
        close_reasons=views.CLOSE_REASONS,
        key=visit.fresh_key(),
    )
