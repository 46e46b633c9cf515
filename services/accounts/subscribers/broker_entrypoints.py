"""Questions of the broker: may this user come in, may it read that queue?

RabbitMQ's HTTP authentication plugin asks them for users it does not know itself. No proxy of ours
leads here, and the answers tell nothing that the asker did not bring.
"""

from urllib.parse import parse_qs

from services.accounts.subscribers.domain import DeliveryKind
from services.accounts.subscribers.usecases.prove_subscriber import (
    is_subscriber,
    may_read,
    prove_subscriber,
)
from services.accounts.wiring import AccountsUnitOfWork, AccountsUnitOfWorkProvider
from services.chassis.doors import NEIGHBOURS
from services.chassis.http import Request, Response, http

PATH = "/internal/v1/broker"
FORM = ("application/x-www-form-urlencoded",)
LIMIT = 4096


class BrokerEntrypoints:
    """`allow` or `deny`, as the plugin expects."""

    uow: AccountsUnitOfWork = AccountsUnitOfWorkProvider()

    @http(
        "POST",
        f"{PATH}/user",
        action=None,
        door=NEIGHBOURS,
        files=FORM,
        limit=LIMIT,
        idempotent=False,
    )
    def broker_user(self, request: Request) -> Response:
        """A subscriber with a queue, by its secret."""
        asked = _asked(request)
        found = prove_subscriber(asked.get("username", ""), asked.get("password", ""), uow=self.uow)
        return _answer(found is not None and found.kind is DeliveryKind.QUEUE)

    @http(
        "POST",
        f"{PATH}/vhost",
        action=None,
        door=NEIGHBOURS,
        files=FORM,
        limit=LIMIT,
        idempotent=False,
    )
    def broker_vhost(self, request: Request) -> Response:
        """The broker has one virtual host."""
        return _answer(is_subscriber(_asked(request).get("username", ""), uow=self.uow))

    @http(
        "POST",
        f"{PATH}/resource",
        action=None,
        door=NEIGHBOURS,
        files=FORM,
        limit=LIMIT,
        idempotent=False,
    )
    def broker_resource(self, request: Request) -> Response:
        """Its own queue, to read; nothing else."""
        asked = _asked(request)
        reading = (asked.get("resource"), asked.get("permission")) == ("queue", "read")
        user, queue = asked.get("username", ""), asked.get("name", "")
        return _answer(reading and may_read(user, queue, uow=self.uow))

    @http(
        "POST",
        f"{PATH}/topic",
        action=None,
        door=NEIGHBOURS,
        files=FORM,
        limit=LIMIT,
        idempotent=False,
    )
    def broker_topic(self, request: Request) -> Response:
        """A subscriber publishes and binds nothing."""
        _asked(request)
        return _answer(False)


def _asked(request: Request) -> dict[str, str]:
    words = parse_qs(request.body.decode(errors="replace"), keep_blank_values=True)
    return {name: values[0].replace("\0", "") for name, values in words.items()}


def _answer(allowed: bool) -> Response:
    return Response("allow" if allowed else "deny", mimetype="text/plain")
