"""What attempts are counted under: the account or the known device, and the address."""

from services.accounts.people.identifiers import sign_in_identifiers
from services.accounts.ports import AccountsWork
from services.accounts.sessions.devices import Device
from services.accounts.sessions.throttling import ACCOUNT, ADDRESS, Counter, Limit


def sign_in_counters(
    login: str, address: str, device: Device | None, uow: AccountsWork
) -> list[Counter]:
    """A known device stands by itself: neither the account's nor the address's pauses touch it."""
    if device is not None:
        return [Counter(uow.digest(str(device.id), "failures-device"), ACCOUNT)]
    return [
        login_counter("failures", login, ACCOUNT, uow),
        address_counter("failures", address, ADDRESS, uow),
    ]


def login_counter(what: str, login: str, limit: Limit, uow: AccountsWork) -> Counter:
    """The same for each spelling of a login, whether or not anybody has it."""
    spelling = sign_in_identifiers(login)[-1].value
    return Counter(uow.digest(spelling, f"{what}-account"), limit)


def address_counter(what: str, address: str, limit: Limit, uow: AccountsWork) -> Counter:
    """What comes from one network address."""
    return Counter(uow.digest(address, f"{what}-address"), limit)
