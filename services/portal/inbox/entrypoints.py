"""The inbox."""

from uuid import UUID

from werkzeug.wrappers import Response

from services.portal.inbox.views import message_view
from services.portal.web.desk import Desk
from services.portal.web.pages import page
from services.portal.web.visit import Visit
from services.portal.wiring import DeskProvider

SHOWN = 50


class InboxEntrypoints:
    """Messages with the truth about their channels."""

    desk: Desk = DeskProvider()

    @page("GET", "/inbox", signed_in=True)
    def inbox(self, visit: Visit) -> Response:
        """The newest messages."""
        found = visit.api.get("notification", "/messages", limit=SHOWN)
        messages = tuple(message_view(each, visit.t) for each in found["items"])
        visit.unread = sum(message.new for message in messages)
        return visit.page("inbox/inbox.html", messages=messages)

    @page("POST", "/inbox/<uuid:message>/read", signed_in=True)
    def mark_read(self, visit: Visit, message: UUID) -> Response:
        """Seen."""
        visit.api.post("notification", f"/messages/{message}/read")
        return visit.go("/inbox")

    @page("POST", "/inbox/read", signed_in=True)
    def mark_all_read(self, visit: Visit) -> Response:
        """All of them seen."""
        visit.api.post("notification", "/messages/read")
        return visit.go("/inbox")
