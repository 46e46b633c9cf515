"""The accounts service: every entrypoint, composed from the topics."""

from services.accounts.codes.entrypoints import CodeEntrypoints
from services.accounts.imports.entrypoints import ImportEntrypoints
from services.accounts.keys.entrypoints import KeyEntrypoints
from services.accounts.people.contact_entrypoints import ContactEntrypoints
from services.accounts.people.entrypoints import PersonEntrypoints
from services.accounts.people.own_entrypoints import OwnEntrypoints
from services.accounts.sessions.entrypoints import SessionEntrypoints
from services.accounts.settings import AccountsSettings
from services.accounts.subscribers.broker_entrypoints import BrokerEntrypoints
from services.accounts.subscribers.entrypoints import SubscriberEntrypoints
from services.accounts.subscribers.grant_entrypoints import GrantEntrypoints
from services.accounts.subscribers.observing import observe
from services.accounts.subscribers.own_entrypoints import OwnSubscriptionEntrypoints
from services.accounts.units.entrypoints import UnitEntrypoints
from services.chassis.observing import Observer
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
    SubscriberEntrypoints,
    OwnSubscriptionEntrypoints,
    GrantEntrypoints,
    BrokerEntrypoints,
    Service,
):
    """Who is who: people, roles, units, contact points, sign-in; and systems that subscribe."""

    name = "accounts"
    title = "Huixin accounts"
    description = (
        "The union's unit tree, people with their roles and addresses, sign-in, and the keys "
        "that access tokens are checked with. Names and addresses are known here and nowhere else. "
        "Other union systems subscribe here to public events."
    )
    settings = AccountsSettings
    observer = Observer(observe)
