"""«I need help now»: for everybody, signed in or not, and with the services down."""

from werkzeug.wrappers import Response

from services.portal.client.refusals import Refused, ServiceDown, SignInNeeded
from services.portal.web.desk import Desk
from services.portal.web.forms import Form
from services.portal.web.pages import page
from services.portal.web.visit import Visit
from services.portal.wiring import DeskProvider

OWN_POOL = "events"
"""The portal hears no events: these workers are the card's alone, however long duty pages wait."""


class HelpEntrypoints:
    """The help card and the form that asks to be called."""

    desk: Desk = DeskProvider()

    @page("GET", "/help", pool=OWN_POOL)
    def help_now(self, visit: Visit) -> Response:
        """Whom to call, and the form."""
        return visit.page("help/help.html", card=visit.card, failed=False)

    @page("POST", "/help", lenient=True, pool=OWN_POOL)
    def call_me(self, visit: Visit) -> Response:
        """Pass the request on; a form of unknown origin counts, but not as the person's."""
        api = visit.api if visit.trusted else visit.api.as_person(None)
        known = visit.trusted and visit.person is not None
        body = {name: visit.form[name] for name in ("phone", "words") if visit.form.get(name)}
        try:
            try:
                api.post("assessment", "/help-requests", body)
            except SignInNeeded:
                api.as_person(None).post("assessment", "/help-requests", body)
                known = False
        except (Refused, ServiceDown, SignInNeeded):
            form = Form(visit.form)
            return visit.page("help/help.html", status=503, card=visit.card, failed=True, form=form)
        return self._sent(visit, phone=bool(body.get("phone")), known=known)

    @page("GET", "/help/offline", pool=OWN_POOL)
    def offline_card(self, visit: Visit) -> Response:
        """The card without anybody's data, which the browser keeps for when there is no network."""
        response = visit.anonymous_page("help/offline.html", card=visit.card)
        response.headers["Cache-Control"] = "no-cache"
        return response

    def _sent(self, visit: Visit, *, phone: bool, known: bool) -> Response:
        key = "sent_phone" if phone else "sent_known" if known else "sent_no_phone"
        words = visit.t(f"help.{key}")
        reachable = phone or known
        return visit.page("help/sent.html", card=visit.card, sentence=words, reachable=reachable)
