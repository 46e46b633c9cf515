"""A running accounts service with a small city; tokens are its own."""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest

from services.accounts.people.contact_points import contact_point
from services.accounts.seed import SeedPerson, SeedUnit, seed_accounts
from services.accounts.service import AccountsService
from services.accounts.units.domain import UnitKind
from services.chassis.access import Role
from services.chassis.auth import TokenVerifier
from services.chassis.errors import NotFound, Unavailable
from services.chassis.http import INTERNAL, Request, Response, http, json_response
from services.chassis.service import Probes
from services.contracts.notification import Channel
from tests.support.apps import App, Client, running
from tests.support.databases import Databases, TestPostgres

PASSWORD = "huixin-demo"

UNITS = (
    SeedUnit("wh", "惠心市总工会", "city", UnitKind.CITY_FEDERATION),
    SeedUnit("wh/hc", "环城区总工会", "district", UnitKind.DISTRICT_UNION),
    SeedUnit("wh/kf", "开发区总工会", "district", UnitKind.DEVELOPMENT_ZONE_UNION),
    SeedUnit("wh/hc/e0001", "第一机械厂工会", "enterprise", UnitKind.ENTERPRISE_UNION),
    SeedUnit("wh/hc/e0002", "第二纺织厂工会", "enterprise", UnitKind.ENTERPRISE_UNION),
    SeedUnit("wh/kf/e0003", "第三电子厂工会", "enterprise", UnitKind.ENTERPRISE_UNION),
)


def person_id(login: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"test:{login}")


def a_person(login: str, role: Role, unit: str, **more: Any) -> SeedPerson:
    return SeedPerson(
        id=person_id(login), login=login, name=f"姓名{login}", unit=unit, roles=frozenset({role}),
        **more,
    )  # fmt: skip


PEOPLE = (
    a_person(
        "worker1",
        Role.WORKER,
        "wh/hc/e0001",
        member_no="m-0001",
        points=(
            contact_point(Channel.EMAIL, "worker1@example.org"),
            contact_point(Channel.SMS, "13800000001"),
        ),
    ),
    a_person("worker2", Role.WORKER, "wh/kf/e0003"),
    a_person("duty1", Role.DUTY, "wh", points=(contact_point(Channel.EMAIL, "duty1@example.org"),)),
    a_person("counsellor1", Role.COUNSELLOR, "wh"),
    a_person("unit-admin1", Role.UNIT_ADMIN, "wh/hc/e0001"),
    a_person("district-admin1", Role.DISTRICT_ADMIN, "wh/hc"),
    a_person("city-admin", Role.CITY_ADMIN, "wh"),
    a_person("clinical-lead", Role.CLINICAL_LEAD, "wh"),
    a_person("ops", Role.OPS, "wh"),
)


class FakeNotification(Probes):
    """Stands in for notification: keeps the messages it was handed, and can be away."""

    name = "notification"
    messages: ClassVar[list[dict[str, Any]]] = []
    away: ClassVar[int] = 0

    @http(
        "POST",
        "/internal/v1/one-time-messages",
        action=INTERNAL,
        callers=("accounts",),
        idempotent=False,
    )
    def take(self, request: Request) -> Response:
        """Keep it, unless away."""
        if FakeNotification.away:
            FakeNotification.away -= 1
            raise Unavailable
        FakeNotification.messages.append(request.json())
        return json_response({}, 202)


class ToyBooking(Probes):
    """Stands in for booking: knows which case is whose, and can be away."""

    name = "booking"
    cases: ClassVar[dict[UUID, tuple[UUID, bool]]] = {}
    away: ClassVar[bool] = False

    @http("GET", "/internal/v1/cases/<uuid:case>", action=INTERNAL, callers=("accounts",))
    def case(self, _request: Request, case: UUID) -> dict[str, Any]:
        """Whose it is and whether it is open."""
        if ToyBooking.away:
            raise Unavailable
        if case not in ToyBooking.cases:
            raise NotFound
        person, is_open = ToyBooking.cases[case]
        return {"id": case, "person": person, "open": is_open}


SignIn = Callable[[str], Client]


@pytest.fixture(scope="module")
def app(postgres_server: TestPostgres) -> Iterator[App]:
    databases = Databases(postgres_server)
    services = [AccountsService, FakeNotification, ToyBooking]
    settings = {
        "ACCOUNTS_ARGON2": "7168,1,1",
        "ACCOUNTS_WEBHOOK_NETWORKS": "127.0.0.0/8",
        "ACCOUNTS_SUBSCRIPTION_HEARTBEAT_SECONDS": "0.3",
    }
    with running(databases, services, **settings) as app:
        runtime = app.runtime("accounts")
        runtime.tokens = TokenVerifier(f"{app.urls['accounts']}/api/accounts/v1/jwks.json")
        seed_accounts(runtime, UNITS, PEOPLE, password=PASSWORD)
        yield app
    databases.drop_all()


@pytest.fixture(scope="module")
def as_(app: App) -> SignIn:
    """Signed in under a login of the city."""
    known: dict[str, Client] = {}

    def sign_in(login: str) -> Client:
        if login not in known:
            answer = app.anybody().post(
                "/api/accounts/v1/sessions", {"login": login, "password": PASSWORD}
            )
            assert answer.status_code == 201, answer.text
            known[login] = Client(app, answer.json()["access_token"], person_id(login))
        return known[login]

    return sign_in
