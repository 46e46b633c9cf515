"""Signing in and out: tokens go into the sealed cookie, never to the browser's scripts."""

import contextlib

from werkzeug.wrappers import Response

from services.portal.client.refusals import Refused, ServiceDown, SignInNeeded
from services.portal.web.cookies import DEVICE, set_lasting
from services.portal.web.desk import Desk
from services.portal.web.forms import Form, sentence
from services.portal.web.pages import page
from services.portal.web.session import Visitor, signed_in_from
from services.portal.web.visit import Visit, local_path
from services.portal.wiring import DeskProvider


class SignInEntrypoints:
    """The door."""

    desk: Desk = DeskProvider()

    @page("GET", "/sign-in")
    def ask_sign_in(self, visit: Visit) -> Response:
        """The form."""
        wanted = local_path(visit.argument("next"))
        return visit.go(wanted) if visit.person else _form(visit, Form(), wanted)

    @page("POST", "/sign-in")
    def sign_in(self, visit: Visit) -> Response:
        """Ask accounts; a wrong password comes back to the form."""
        wanted = local_path(visit.form.get("next", ""))
        missing = [name for name in ("login", "password") if not visit.form.get(name)]
        if missing:
            text = visit.t("signin.missing")
            form = Form(visit.form, dict.fromkeys(missing, text))
            return _form(visit, form, wanted, status=422)
        body = {name: visit.form[name] for name in ("login", "password")}
        if device := visit.request.cookies.get(DEVICE):
            body["device"] = device
        try:
            answer = visit.api.as_person(None).post("accounts", "/sessions", body)
        except Refused as refused:
            form = Form(visit.form, general=sentence(refused.problem, visit.t))
            return _form(visit, form, wanted, status=refused.problem.status)
        person = signed_in_from(answer, visit.now.timestamp())
        visit.visitor = visit.visitor.become(person)
        response = visit.go(wanted)
        if answer.get("device"):
            set_lasting(response, DEVICE, str(answer["device"]), secure=visit.secure)
        return response

    @page("POST", "/sign-out")
    def sign_out(self, visit: Visit) -> Response:
        """Forget the person here at once, and end the session at accounts if it answers."""
        if visit.person is not None:
            with contextlib.suppress(Refused, ServiceDown, SignInNeeded):
                visit.api.call("DELETE", "accounts", "/sessions/current")
        visit.visitor = Visitor()
        return visit.go("/", "signin.bye")


def _form(visit: Visit, form: Form, wanted: str, status: int = 200) -> Response:
    shown = Form({**form.values, "password": ""}, form.problems, form.general)
    safe = visit.safe_connection
    return visit.page("signin/sign_in.html", status=status, form=shown, next=wanted, secure=safe)
