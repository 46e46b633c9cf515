"""The accounts service: every entrypoint, composed from the topics."""

from services.accounts.codes.entrypoints import CodeEntrypoints
from services.accounts.imports.entrypoints import ImportEntrypoints
from services.accounts.keys.entrypoints import KeyEntrypoints
from services.accounts.people.contact_entrypoints import ContactEntrypoints
from services.accounts.people.entrypoints import PersonEntrypoints
from services.accounts.people.own_entrypoints import OwnEntrypoints
from services.accounts.sessions.entrypoints import SessionEntrypoints
from services.accounts.settings import AccountsSettings
from services.accounts.units.entrypoints import UnitEntrypoints
from services.chassis.service import Service


class AccountsService(
    SessionEntrypoints,
    CodeEntrypoints,
    OwnEntrypoints,
    PersonEntrypoints,
    ContactEntrypoints,
    ImportEntrypoints,
    UnitEntrypoints,
    KeyEntrypoints,
    Service,
):
    """Who is who: people, roles, units, contact points, sign-in."""

    name = "accounts"
    title = "Huixin accounts"
    description = (
        "The union's unit tree, people with their roles and addresses, sign-in, and the keys "
        "that access tokens are checked with. Names and addresses are known here and nowhere else."
    )
    settings = AccountsSettings
