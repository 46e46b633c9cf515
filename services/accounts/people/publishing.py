"""What the other services hear of people: ids, roles and units, never a name or an address."""

from services.accounts.people.domain import ContactChanged, Person, RolesChanged
from services.accounts.ports import Publishes
from services.contracts.accounts import ContactChangedV1, RoleChangedV1


def announce_person(person: Person, uow: Publishes) -> None:
    """Publish what happened to the person since it was loaded."""
    kinds = {type(event) for event in person.events if _announced(event)}
    person.events.clear()
    if RolesChanged in kinds:
        roles = tuple(sorted(role.value for role in person.roles))
        event = RoleChangedV1(person=person.id, roles=roles, scope=person.token_unit)
        uow.publish(event, unit=person.unit)
    if ContactChanged in kinds:
        uow.publish(ContactChangedV1(person=person.id), unit=person.unit)


def _announced(event: RolesChanged | ContactChanged) -> bool:
    return not isinstance(event, RolesChanged) or event.announced
