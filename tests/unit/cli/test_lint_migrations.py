"""Each way in which a migration hurts the version that still runs is planted, and named."""

import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from services.chassis.migrations import in_order, newest_revisions, scripts_of, statements_of
from services.cli.migrationlint.linting import Fault, lint
from services.cli.migrationlint.migration import Migration, migrations_after
from services.cli.migrationlint.rules import CONTRACT_ONLY, NEVER

RELEASED = frozenset({"0001_first"})
INDEX = "CREATE INDEX CONCURRENTLY ix_offers_person ON offers (person);"


def in_transaction(sql: str) -> str:
    return f"BEGIN;\n{sql}\nCOMMIT;\n"


def beside_everybody(sql: str) -> str:
    return f"SET lock_timeout = 0;\n{sql}\nSET lock_timeout = '3s';\n"


PLANTED: dict[str, str] = {
    "adding-field-with-default": in_transaction(
        "ALTER TABLE offers ADD COLUMN mark UUID DEFAULT gen_random_uuid();"
    ),
    "adding-required-field": in_transaction("ALTER TABLE offers ADD COLUMN note TEXT NOT NULL;"),
    "adding-foreign-key-constraint": in_transaction(
        "ALTER TABLE offers ADD CONSTRAINT fk FOREIGN KEY (slot) REFERENCES slots (id);"
    ),
    "constraint-missing-not-valid": in_transaction(
        "ALTER TABLE offers ADD CONSTRAINT ck CHECK (urgency > 0);"
    ),
    "adding-serial-primary-key-field": in_transaction(
        "ALTER TABLE offers ADD COLUMN no BIGSERIAL PRIMARY KEY;"
    ),
    "disallowed-unique-constraint": in_transaction(
        "ALTER TABLE offers ADD CONSTRAINT uq UNIQUE (slot);"
    ),
    "require-concurrent-index-creation": in_transaction("CREATE INDEX ix ON offers (person);"),
    "require-concurrent-index-deletion": in_transaction("DROP INDEX ix;"),
    "ban-concurrent-index-creation-in-transaction": in_transaction(INDEX),
    "ban-truncate-cascade": in_transaction("TRUNCATE offers CASCADE;"),
    "ban-drop-database": "DROP DATABASE booking;",
    "ban-uncommitted-transaction": "BEGIN;\nALTER TABLE offers ADD COLUMN note TEXT;",
    "transaction-nesting": in_transaction("BEGIN;"),
    "syntax-error": in_transaction("ALTER TABLE offers ADDD COLUMN note TEXT;;;)("),
    "long-rewrite": in_transaction("UPDATE offers SET note = '';"),
    "unbounded-lock": beside_everybody("ALTER TABLE offers ADD COLUMN note TEXT;"),
    "ban-drop-column": in_transaction("ALTER TABLE offers DROP COLUMN note;"),
    "ban-drop-table": in_transaction("DROP TABLE offers;"),
    "ban-drop-not-null": in_transaction("ALTER TABLE offers ALTER COLUMN person DROP NOT NULL;"),
    "renaming-column": in_transaction("ALTER TABLE offers RENAME COLUMN person TO worker;"),
    "renaming-table": in_transaction("ALTER TABLE offers RENAME TO invitations;"),
    "changing-column-type": in_transaction("ALTER TABLE offers ALTER COLUMN urgency TYPE TEXT;"),
    "adding-not-nullable-field": in_transaction(
        "ALTER TABLE offers ALTER COLUMN slot SET NOT NULL;"
    ),
    "drop-default": in_transaction("ALTER TABLE offers ALTER COLUMN state DROP DEFAULT;"),
}
SAFE: dict[str, str] = {
    "a column that may be null": in_transaction("ALTER TABLE offers ADD COLUMN note TEXT;"),
    "a column with a constant": in_transaction(
        "ALTER TABLE offers ADD COLUMN closed BOOLEAN DEFAULT false NOT NULL;"
    ),
    "a table with its index and first rows": in_transaction(
        "CREATE TABLE notes (id UUID PRIMARY KEY, offer UUID NOT NULL);"
        "CREATE INDEX ix_notes_offer ON notes (offer);"
        "INSERT INTO notes SELECT gen_random_uuid(), id FROM offers;"
    ),
    "an index beside everybody's work": beside_everybody(INDEX),
    "a constraint, and its validation later": in_transaction(
        "ALTER TABLE offers ADD CONSTRAINT ck CHECK (urgency > 0) NOT VALID;"
    ),
    "its validation": in_transaction("ALTER TABLE offers VALIDATE CONSTRAINT ck;"),
    "a function that would delete, if it were called": in_transaction(
        "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ DELETE FROM offers; $$;"
    ),
}


def a_migration(sql: str = "", **said: str) -> Migration:
    return Migration(service="booking", revision="0002_next", sql=sql, released=RELEASED, **said)


def a_contract_step(sql: str = "", **said: str) -> Migration:
    told = {"reason": "nobody reads it", "rollback": "nothing", "expanded_by": "0001_first"}
    return a_migration(sql, phase="contract", **{**told, **said})


def rules(faults: Sequence[Fault]) -> set[str]:
    return {each.rule for each in faults}


def test_every_rule_has_its_violation_here() -> None:
    assert set(PLANTED) == {*NEVER, *CONTRACT_ONLY}


@pytest.mark.parametrize("rule", PLANTED)
def test_what_hurts_the_running_version_is_named_with_what_to_do(rule: str) -> None:
    faults = lint([a_migration(PLANTED[rule])])

    assert rule in rules(faults)
    assert all(each.migration == "booking/0002_next" and each.remedy for each in faults)


@pytest.mark.parametrize("name", SAFE)
def test_what_the_running_version_does_not_notice_passes(name: str) -> None:
    assert lint([a_migration(SAFE[name])]) == []


@pytest.mark.parametrize("rule", CONTRACT_ONLY)
def test_a_contract_step_may_take_away_what_the_last_release_no_longer_needs(rule: str) -> None:
    assert lint([a_contract_step(PLANTED[rule])]) == []


@pytest.mark.parametrize("rule", NEVER)
def test_a_contract_step_stops_nobody_either(rule: str) -> None:
    assert rule in rules(lint([a_contract_step(PLANTED[rule])]))


def test_a_contract_step_comes_a_release_after_what_made_room_for_it() -> None:
    same_release = a_contract_step(expanded_by="0002_note")

    assert rules(lint([same_release])) == {"contract-too-early"}
    assert rules(lint([a_contract_step(expanded_by="")])) == {"contract-too-early"}


@pytest.mark.parametrize("word", ["reason", "rollback"])
def test_a_contract_step_says_why_and_how_one_goes_back(word: str) -> None:
    assert rules(lint([a_contract_step(**{word: " "})])) == {f"{word}-missing"}


def test_a_phase_nobody_knows_is_no_way_around() -> None:
    faults = lint([a_migration(PLANTED["ban-drop-table"], phase="contrcat")])

    assert rules(faults) == {"phase-unknown", "ban-drop-table"}


def test_only_what_came_after_the_release_is_looked_at(tmp_path: Path) -> None:
    scripts = a_folder_with(tmp_path, first="op.execute('DROP TABLE a')", second="pass")

    newer = list(migrations_after("0001_first", "toy", scripts))

    assert [each.name for each in newer] == ["toy/0002_second"]
    assert newer[0].released == {"0001_first"}


def test_a_migration_says_its_phase_and_its_reason_in_its_file(tmp_path: Path) -> None:
    second = "op.drop_column('things', 'note')"
    said = 'phase = "contract"\nreason = "unread"\nrollback = "none"\nexpanded_by = "0001_first"'
    scripts = a_folder_with(tmp_path, first="pass", second=second, said=said)

    (found,) = migrations_after("0001_first", "toy", scripts)

    assert (found.phase, found.reason, found.expanded_by) == ("contract", "unread", "0001_first")
    assert "DROP COLUMN note" in found.sql
    assert lint([found]) == []


def test_an_index_beside_everybodys_work_is_made_outside_the_transaction(tmp_path: Path) -> None:
    body = (
        "with outside_transaction(op):\n"
        "        op.create_index('ix', 'things', ['note'], postgresql_concurrently=True)"
    )
    scripts = a_folder_with(tmp_path, first="pass", second=body)

    (found,) = migrations_after("0001_first", "toy", scripts)

    assert lint([found]) == []
    before, _, after = found.sql.partition("CREATE INDEX CONCURRENTLY")
    assert before.rindex("COMMIT") > before.rindex("BEGIN")
    assert "SET lock_timeout = '3s'" in after


@pytest.mark.parametrize("service", newest_revisions(["accounts", "booking", "reporting"]))
def test_every_migration_can_be_told_without_a_database(service: str) -> None:
    scripts = scripts_of(service)

    for each in in_order(scripts):
        assert "alembic_version" in statements_of(scripts, each)


def a_folder_with(tmp_path: Path, *, first: str, second: str, said: str = "") -> ScriptDirectory:
    versions = tmp_path / "toy/migrations/versions"
    versions.mkdir(parents=True)
    for revision, down, body, more in (
        ("0001_first", None, first, ""),
        ("0002_second", "0001_first", second, said),
    ):
        text = f"""
from alembic import op
from services.chassis.migrations import outside_transaction

revision = {revision!r}
down_revision = {down!r}
{more}


def upgrade():
    {body}
"""
        (versions / f"{revision}.py").write_text(textwrap.dedent(text))
    return scripts_of("toy", tmp_path)
