"""Accounts' people over its internal route."""

from http import HTTPStatus
from uuid import UUID

from services.booking.staff import Member
from services.chassis.access import Role
from services.chassis.peers import Peers, PeerUnavailable


class AccountsStaff:
    """Asked anew each time: a role that was taken away counts no longer."""

    def __init__(self, peers: Peers) -> None:
        self._peers = peers

    def member(self, person: UUID) -> Member | None:
        try:
            found = self._peers.get_json("accounts", f"/internal/v1/people/{person}/roles")
        except PeerUnavailable as refusal:
            if refusal.answered == HTTPStatus.NOT_FOUND:
                return None
            raise
        roles = frozenset(role for role in Role if role.value in found["roles"])
        return Member(roles=roles, unit=found["unit"] or "")
