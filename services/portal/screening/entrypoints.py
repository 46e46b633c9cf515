"""A scale, one question at a time, and its result."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from werkzeug.wrappers import Response

from services.portal.care.reading import open_offer
from services.portal.client.refusals import Refused
from services.portal.screening.questions import (
    code_of,
    first_open,
    question_view,
    step_after,
    unanswered,
)
from services.portal.screening.views import (
    earlier_result,
    result_view,
    scale_card,
    scale_cards,
)
from services.portal.web import times
from services.portal.web.desk import Desk
from services.portal.web.forms import Form
from services.portal.web.pages import page
from services.portal.web.visit import Visit, local_path
from services.portal.wiring import DeskProvider

OFFER_TRIES = 8
FRESH_SECONDS = 120
OFFER_LEVEL = 2
TREND_LENGTH = 12


class ScreeningEntrypoints:
    """From the choice of a scale to the result."""

    desk: Desk = DeskProvider()

    @page("GET", "/scales", door="scales")
    def scales(self, visit: Visit) -> Response:
        """The scales there are, and one's earlier results."""
        listed = visit.shared("assessment", "/instruments")["items"]
        cards = scale_cards(listed, visit.t)
        own = visit.ask("assessment", "/responses", {}, limit=TREND_LENGTH).get("items", [])
        earlier = [earlier_result(each, visit.t) for each in own]
        return visit.page("screening/scales.html", scales=cards, earlier=earlier)

    @page("GET", "/scales/<instrument>", door="scales")
    def ask_consent(self, visit: Visit, instrument: str) -> Response:
        """What is agreed to before answering."""
        return _consent_page(visit, instrument, Form())

    @page("POST", "/scales/<instrument>", door="scales")
    def start(self, visit: Visit, instrument: str) -> Response:
        """Begin a sitting."""
        if visit.form.get("granted") != "yes":
            problems = {"granted": visit.t("consent.agree_needed")}
            return _consent_page(visit, instrument, Form(visit.form, problems), status=422)
        consent = {"version": visit.form.get("version", ""), "granted": True}
        body = {"instrument": instrument, "consent": consent}
        try:
            sitting = visit.api.post("assessment", "/sittings", body)
        except Refused as refused:
            form, status = visit.refused(refused.problem), refused.problem.status
            return _consent_page(visit, instrument, form, status=status)
        return visit.go(f"/sittings/{sitting['id']}/1")

    @page("GET", "/sittings/<uuid:sitting>", door="scales")
    def resume(self, visit: Visit, sitting: UUID) -> Response:
        """Back to the first question without an answer."""
        found, instrument = _sitting(visit, sitting)
        return visit.go(f"/sittings/{sitting}/{first_open(found, instrument)}")

    @page("GET", "/sittings/<uuid:sitting>/<int:number>", door="scales")
    def question(self, visit: Visit, sitting: UUID, number: int) -> Response:
        """One question."""
        return _question_page(visit, sitting, number, Form())

    @page("POST", "/sittings/<uuid:sitting>/<int:number>", door="scales")
    def answer(self, visit: Visit, sitting: UUID, number: int) -> Response:
        """Save the answer at once, and go on; a crisis shows the help card first."""
        before, instrument = _sitting(visit, sitting)
        items = instrument["items"]
        if not 1 <= number <= len(items):
            return visit.failure("not_found", 404)
        try:
            code = code_of("" if "skip" in visit.form else visit.form.get("answer", ""))
        except ValueError:
            form = Form(visit.form, general=visit.t("question.choose"))
            return _question_page(visit, sitting, number, form, status=422)
        answers = {items[number - 1]["link_id"]: code}
        try:
            after = visit.api.call(
                "PATCH", "assessment", f"/sittings/{sitting}", body={"answers": answers}
            )
        except Refused as refused:
            form, status = visit.refused(refused.problem), refused.problem.status
            return _question_page(visit, sitting, number, form, status=status)
        known = {**before, "answers": {**(before.get("answers") or {}), **answers}}
        onward = f"/sittings/{sitting}/{step_after(number, known, instrument)}"
        if after.get("risk") == "crisis" and before.get("risk") != "crisis":
            return visit.go(f"/sittings/{sitting}/noticed?next={quote(onward)}")
        return visit.go(onward)

    @page("GET", "/sittings/<uuid:sitting>/noticed", door="scales")
    def noticed(self, visit: Visit, sitting: UUID) -> Response:
        """The help card in the middle of a sitting; it blocks nothing."""
        onward = local_path(visit.argument("next"), f"/sittings/{sitting}/finish")
        return visit.page("screening/noticed.html", card=visit.card, onward=onward)

    @page("GET", "/sittings/<uuid:sitting>/finish", door="scales")
    def finish(self, visit: Visit, sitting: UUID) -> Response:
        """Before handing in."""
        return _finish_page(visit, sitting, Form())

    @page("POST", "/sittings/<uuid:sitting>/submit", door="scales")
    def submit(self, visit: Visit, sitting: UUID) -> Response:
        """Hand in."""
        try:
            result = visit.api.post("assessment", f"/sittings/{sitting}/submit")
        except Refused as refused:
            form, status = visit.refused(refused.problem), refused.problem.status
            return _finish_page(visit, sitting, form, status=status)
        return visit.go(f"/results/{result['id']}")

    @page("GET", "/results/<uuid:response>", door="scales")
    def result(self, visit: Visit, response: UUID) -> Response:
        """The result, explained."""
        found = visit.api.get("assessment", f"/responses/{response}")
        name = found["instrument"]
        instrument = visit.shared("assessment", f"/instruments/{quote(name)}")
        listed = visit.ask("assessment", "/responses", {}, instrument=name, limit=TREND_LENGTH)
        view = result_view(found, instrument, listed.get("items", [found]), visit.t)
        offer = open_offer(visit)
        return visit.page(
            "screening/result.html",
            view=view,
            card=visit.card,
            offer=offer,
            awaiting_offer=offer is None and _expects_offer(visit, found),
            attempt=1,
        )

    @page("POST", "/results/<uuid:response>/remark", door="scales")
    def remark(self, visit: Visit, response: UUID) -> Response:
        """What the person says to their result; nothing at all takes it back."""
        text, agrees = visit.form.get("text", ""), visit.form.get("agrees", "")
        path, known = f"/responses/{response}/remark", {"yes": True, "no": False}
        try:
            if text or agrees in known:
                body = {"text": text, "agrees": known.get(agrees)}
                visit.api.call("PUT", "assessment", path, body=body)
            else:
                visit.api.call("DELETE", "assessment", path)
        except Refused as refused:
            if refused.problem.code != "remark-not-found":
                raise
        return visit.go(f"/results/{response}", "result.remark_kept")

    @page("GET", "/results/<uuid:response>/offer", door="scales")
    def offer_strip(self, visit: Visit, response: UUID) -> Response:
        """The offer as soon as it is there: asked for by the result page, a few times."""
        attempt = int(visit.argument("try") or 1) if visit.argument("try").isdigit() else 1
        return visit.page(
            "screening/offer_strip.html",
            offer=open_offer(visit),
            awaiting_offer=attempt < OFFER_TRIES,
            attempt=attempt + 1,
            view={"id": response},
        )


def _expects_offer(visit: Visit, result: dict[str, Any]) -> bool:
    age = (visit.now - times.parse(str(result["completed_at"]))).total_seconds()
    level = (result.get("care") or {}).get("level", 0)
    return age < FRESH_SECONDS and isinstance(level, int) and level >= OFFER_LEVEL


def _sitting(visit: Visit, sitting: UUID) -> tuple[dict[str, Any], dict[str, Any]]:
    found: dict[str, Any] = visit.api.get("assessment", f"/sittings/{sitting}")
    instrument = visit.shared("assessment", f"/instruments/{quote(found['instrument'])}")
    return found, instrument


def _consent_page(visit: Visit, instrument: str, form: Form, status: int = 200) -> Response:
    found = visit.shared("assessment", f"/instruments/{quote(instrument, safe='')}")
    card = scale_card(found, visit.t)
    return visit.page(
        "screening/consent.html", status=status, form=form, scale=card, consent=found["consent"]
    )


def _question_page(
    visit: Visit, sitting: UUID, number: int, form: Form, status: int = 200
) -> Response:
    found, instrument = _sitting(visit, sitting)
    if found.get("state") == "submitted" and found.get("response"):
        return visit.go(f"/results/{found['response']}")
    try:
        view = question_view(found, instrument, number, visit.t)
    except IndexError:
        return visit.failure("not_found", 404)
    return visit.page("screening/question.html", status=status, form=form, q=view)


def _finish_page(visit: Visit, sitting: UUID, form: Form, status: int = 200) -> Response:
    found, instrument = _sitting(visit, sitting)
    if found.get("state") == "submitted" and found.get("response"):
        return visit.go(f"/results/{found['response']}")
    left = unanswered(found, instrument)
    total = len(instrument["items"])
    return visit.page(
        "screening/finish.html",
        status=status,
        form=form,
        scale=scale_card(instrument, visit.t),
        sitting=sitting,
        open=left,
        total=total,
        answered=total - len(left),
    )
