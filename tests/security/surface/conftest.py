"""The whole system in one process, once for this folder; accounts signs the tokens of all."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.accounts.people.contact_points import contact_point
from services.accounts.seed import SeedPerson, SeedUnit, seed_accounts
from services.accounts.units.domain import UnitKind
from services.apphost import load_all
from services.chassis.access import Role
from services.chassis.auth import TokenVerifier
from services.contracts.notification import Channel
from tests.component.accounts.conftest import PASSWORD, person_id
from tests.security.surface.issuing import AccountsIssuer
from tests.support.apps import App, Client, running
from tests.support.databases import Databases, TestPostgres

UNITS = (
    SeedUnit("wh", "惠心市总工会", "city", UnitKind.CITY_FEDERATION),
    SeedUnit("wh/hc", "环城区总工会", "district", UnitKind.DISTRICT_UNION),
    SeedUnit("wh/h", "河区总工会", "district", UnitKind.DISTRICT_UNION),
    SeedUnit("wh/hc/e0001", "第一机械厂工会", "enterprise", UnitKind.ENTERPRISE_UNION),
    SeedUnit("wh/hc/e00011", "第十一机械厂工会", "enterprise", UnitKind.ENTERPRISE_UNION),
    SeedUnit("wh/h/e0002", "第二纺织厂工会", "enterprise", UnitKind.ENTERPRISE_UNION),
)
HOSTILE = "<script>alert(1)</script>{{7*7}}{% raw %}"
PEOPLE = [
    (name, role, unit)
    for role, unit in (
        (Role.WORKER, "wh/hc/e0001"),
        (Role.COUNSELLOR, "wh/hc"),
        (Role.DUTY, "wh"),
        (Role.UNIT_ADMIN, "wh/hc/e0001"),
        (Role.DISTRICT_ADMIN, "wh/hc"),
        (Role.CITY_ADMIN, "wh"),
        (Role.CLINICAL_LEAD, "wh"),
        (Role.OPS, "wh"),
    )
    for name in (role.value, f"{role.value}-2")
]


def _seed(name: str, role: Role, unit: str) -> SeedPerson:
    return SeedPerson(
        id=person_id(name),
        login=name,
        name=f"{name} {HOSTILE}",
        unit=unit,
        roles=frozenset({role}),
        points=(contact_point(Channel.EMAIL, f"{name}@example.org"),),
    )


@pytest.fixture(scope="package")
def app(postgres_server: TestPostgres) -> Iterator[App]:
    """All services; `app.person(…)` is somebody with a token of accounts' own key."""
    services = load_all()
    with running(Databases(postgres_server), services) as app:
        accounts = app.runtime("accounts")
        seed_accounts(accounts, UNITS, [_seed(*each) for each in PEOPLE], password=PASSWORD)
        for runtime in app.runner.runtimes.values():
            runtime.tokens = TokenVerifier(f"{app.urls['accounts']}/api/accounts/v1/jwks.json")
        app.issuer.stop()
        app.issuer = AccountsIssuer(accounts)
        yield app


@pytest.fixture(scope="package")
def signed_in(app: App) -> Any:
    """Signed in under a login, with a session that stands."""

    def sign_in(login: str) -> Client:
        body = {"login": login, "password": PASSWORD}
        answer = app.anybody().post("/api/accounts/v1/sessions", body)
        assert answer.status_code == 201, answer.text
        return Client(app, answer.json()["access_token"], person_id(login))

    return sign_in
