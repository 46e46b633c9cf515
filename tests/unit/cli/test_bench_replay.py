"""From PostgreSQL's log to a pgbench script: which statements count, and which literals differ."""

from dataclasses import replace

import pytest

from services.cli.bench.replay.capture import between_markers, of_person, statements
from services.cli.bench.replay.pgbench import script_of, shared_out
from services.cli.bench.replay.template import shape_of, template_of
from services.cli.errors import CommandFailed

ANN, BOB = "11111111-0000-4000-8000-000000000000", "22222222-0000-4000-8000-000000000000"

LOG = f"""\
@@7|2/1|city@@LOG:  statement: SELECT 'huixin bench marker'
@@8|3/4|city@@LOG:  statement: BEGIN; SELECT no
\tFROM parties
\t\tWHERE id = '{ANN}'
@@9|4/2|city@@LOG:  statement: SELECT 1 FROM timers
@@8|3/4|city@@LOG:  statement: UPDATE slots SET state = 'taken'
@@5||@@LOG:  checkpoint starting: time
\twith a second line
@@8|3/4|other@@LOG:  statement: SELECT 2
@@8|3/4|city@@LOG:  statement: COMMIT
@@7|2/2|city@@LOG:  statement: SELECT 'huixin bench marker'
"""


def booking(person: str, slot: int, seat: str = "'a;b'") -> list[str]:
    return [
        f"BEGIN; SELECT no FROM parties WHERE id = '{person}' LIMIT 1",
        f"INSERT INTO seats VALUES ('{person}', {slot}, {seat}, 'it''s :x', 3)",
        "COMMIT",
    ]


def test_a_statement_may_have_several_lines() -> None:
    found = statements(LOG, "city")

    assert found[1].sql == f"BEGIN; SELECT no\nFROM parties\n\tWHERE id = '{ANN}'"
    assert [each.sql for each in found][3:5] == ["UPDATE slots SET state = 'taken'", "COMMIT"]


def test_only_the_transaction_that_names_the_person_counts() -> None:
    (part,) = between_markers(statements(LOG, "city"))

    assert [sql.split()[0] for sql in of_person(part, ANN)] == ["BEGIN;", "UPDATE", "COMMIT"]
    assert of_person(part, BOB) == []


def test_what_differs_becomes_a_column_and_what_does_not_stays() -> None:
    template = template_of([booking(ANN, 5), booking(BOB, 6), booking(ANN, 7)])

    assert template.statements == [
        "BEGIN; SELECT no FROM parties WHERE id = :huixin0 LIMIT 1",
        "INSERT INTO seats VALUES (:huixin0, :huixin1, 'a;b', 'it''s :x', 3)",
        "COMMIT",
    ]
    assert template.rows == [(f"'{ANN}'", "5"), (f"'{BOB}'", "6"), (f"'{ANN}'", "7")]
    assert template.share == 1.0


def test_strings_with_quotes_and_backslashes_are_one_literal() -> None:
    assert shape_of([r"SELECT 'a''b', E'c\'d', 'e'"]) == ("SELECT \0, \0, \0",)
    assert shape_of(["SELECT int8range, t1.x2 FROM t1 WHERE y = -4.5 AND z=7"]) == (
        "SELECT int8range, t1.x2 FROM t1 WHERE y = \0 AND z=\0",
    )


def test_requests_of_another_shape_are_left_out_up_to_a_tenth() -> None:
    usual = [booking(ANN, number) for number in range(19)]
    odd = [[*booking(ANN, 99)[:-1], "ROLLBACK"]]

    template = template_of([*usual[:4], *odd, *usual[4:]])

    assert 4 not in template.kept
    assert len(template.kept) == 19
    with pytest.raises(CommandFailed, match="50%"):
        template_of([booking(ANN, 1), *odd])


def test_each_worker_becomes_a_client_with_equally_many_rows() -> None:
    template = template_of([booking(ANN, number) for number in range(20)])

    replay = shared_out(template, [[0, 2, 4], [1, 3]])

    assert (replay.clients, replay.turns) == (2, 2)
    assert list(replay.order) == [0, 2, 1, 3]


def test_statements_sent_in_one_message_stay_in_one() -> None:
    template = template_of([["BEGIN; SELECT 1", "INSERT INTO a VALUES (';', 2); SELECT 2; COMMIT"]])

    lines = script_of(replace(template, rows=[("'x'",)])).splitlines()

    assert lines[4] == "BEGIN\\; SELECT 1;"
    assert lines[5].startswith("INSERT INTO a VALUES (';', 2)\\; SELECT 2\\; COMMIT \\; SELECT ")
    assert len(lines) == 6


def test_the_script_makes_no_round_trip_the_service_did_not() -> None:
    template = template_of([booking(ANN, 5), booking(BOB, 6)])

    lines = script_of(template).splitlines()

    assert lines[4] == "BEGIN\\; SELECT no FROM parties WHERE id = :huixin0 LIMIT 1;"
    assert lines[-1].startswith("COMMIT \\; SELECT huixin0, huixin1 FROM replay WHERE n = ")
    assert lines[-1].endswith("\\gset")
    assert sum(line.endswith(";") for line in lines) == 2
