"""The service as a whole: its start, its tables, its documents."""

import json
from datetime import date
from pathlib import Path

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from services.assessment.care.signature import PolicyNotSigned, sign
from services.assessment.service import AssessmentService
from services.assessment.support.card import DEFAULT as DEFAULT_CARD
from services.assessment.tables import metadata
from tests.component.assessment.people import API
from tests.support.apps import App, running
from tests.support.databases import Databases
from tests.unit.assessment.builders import POLICY


def test_the_migrations_make_the_tables_the_code_knows(postgres: Databases) -> None:
    engine = create_engine(postgres.database("assessment"))
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        differences = compare_metadata(context, metadata)
    engine.dispose()

    assert differences == []


def test_outside_the_embedded_mode_an_unsigned_policy_stops_the_start(
    postgres: Databases,
) -> None:
    with (
        pytest.raises(PolicyNotSigned),
        running(postgres, [AssessmentService], HUIXIN_EMBEDDED="false"),
    ):
        pass


def test_outside_the_embedded_mode_a_signed_policy_is_worked_by(
    postgres: Databases, tmp_path: Path
) -> None:
    path = tmp_path / "policy.json"
    signed = sign(POLICY, name="Chen Wei", role="clinical-lead", on=date(2025, 6, 1))
    path.write_bytes(msgspec.json.encode(signed))

    with running(
        postgres, [AssessmentService], HUIXIN_EMBEDDED="false", ASSESSMENT_CARE_POLICY=str(path)
    ) as app:
        assert app.anybody().get(f"{API}/instruments").status_code == 200


def test_hotlines_are_configuration(postgres: Databases, tmp_path: Path) -> None:
    card = json.loads(DEFAULT_CARD.read_text())
    card["lines"] = [{**card["lines"][0], "number": "0631-12355"}]
    path = tmp_path / "card.json"
    path.write_text(json.dumps(card))

    with running(postgres, [AssessmentService], ASSESSMENT_SUPPORT_CARD=str(path)) as app:
        shown = app.anybody().get(f"{API}/support").json()
        refused = app.anybody().post(f"{API}/responses", {}).json()

    assert [line["number"] for line in shown["lines"]] == ["0631-12355"]
    assert refused["support"] == shown


def test_the_openapi_document_describes_every_route(app: App) -> None:
    document = app.anybody().get(f"{API}/openapi.json").json()

    paths = document["paths"]
    assert set(paths) >= {
        f"{API}/instruments",
        f"{API}/instruments/{{instrument_id}}",
        f"{API}/responses",
        f"{API}/responses/{{response_id}}",
        f"{API}/sittings",
        f"{API}/sittings/{{sitting_id}}",
        f"{API}/sittings/{{sitting_id}}/submit",
        f"{API}/help-requests",
        f"{API}/cases/{{case}}/help-requests",
        f"{API}/consents",
        f"{API}/consents/{{purpose_id}}",
        f"{API}/support",
    }
    submit = paths[f"{API}/responses"]["post"]
    assert submit["requestBody"]["content"]["application/json"]["schema"]
    assert "403" in submit["responses"] and "422" in submit["responses"]
