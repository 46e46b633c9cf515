"""What every route promises, whatever comes in."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
import requests
from structlog.testing import capture_logs

from tests.support.apps import App, eventually
from tests.support.rows import count, marks
from tests.support.toys import THINGS


def assert_problem(answer: requests.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["code"] == code
    assert document["status"] == status
    assert document["correlation_id"] == answer.headers["Correlation-Id"]
    return document


def fields_named(document: dict[str, Any]) -> set[str]:
    return {error["field"] for error in document["errors"]}


def test_an_unknown_path_and_a_wrong_method_are_problem_documents(app: App) -> None:
    nobody = app.anybody()

    assert_problem(nobody.get("/api/assessment/v1/nothing"), 404, "no-such-route")
    answer = nobody.delete(THINGS)
    assert_problem(answer, 405, "method-not-allowed")
    assert "POST" in answer.headers["Allow"]


def test_nobody_a_forger_and_the_wrong_role_are_turned_away(app: App) -> None:
    body = {"band": "minimal"}

    assert_problem(app.anybody().post(THINGS, body), 401, "not-authenticated")
    assert_problem(app.person("worker").post(THINGS, body), 403, "not-allowed")
    for claims in (
        {"exp": int(time.time()) - 30},
        {"aud": "somebody-else"},
        {"iss": "an-impostor"},
        {"roles": ["emperor"]},
        {"sub": "not-an-id"},
    ):
        token = app.issuer.token("ops", **claims)
        headers = {"Authorization": f"Bearer {token}"}
        assert_problem(app.anybody().post(THINGS, body, headers=headers), 401, "invalid-token")


def test_a_token_signed_with_another_key_or_algorithm_is_forged(app: App) -> None:
    header, payload, signature = app.issuer.token("ops").split(".")
    swapped = signature[:-4] + ("AAAA" if signature[-4:] != "AAAA" else "BBBB")

    for forged in (f"{header}.{payload}.{swapped}", f"{header}.{payload}.", "a.b.c", "x"):
        headers = {"Authorization": f"Bearer {forged}"}
        answer = app.anybody().post(THINGS, {"band": "x"}, headers=headers)
        assert_problem(answer, 401, "invalid-token")


def test_malformed_json_and_wrong_fields_are_named_and_nothing_is_stored(app: App) -> None:
    ops = app.person("ops")
    before = count(app, "assessment", "outbox")

    problem = assert_problem(ops.call("POST", THINGS, data=b"{nonsense"), 400, "malformed-json")
    assert fields_named(problem) == {"body"}
    problem = assert_problem(ops.post(THINGS, {"urgent": "perhaps"}), 422, "invalid-fields")
    assert fields_named(problem) == {"band", "urgent"}
    problem = assert_problem(ops.post(THINGS, {"band": "x", "more": 1}), 422, "invalid-fields")
    assert fields_named(problem) == {"more"}
    assert_problem(ops.call("POST", THINGS, json=[1]), 422, "invalid-fields")

    assert count(app, "assessment", "outbox") == before


def test_a_body_too_large_or_without_a_length_is_refused_unread(app: App) -> None:
    ops = app.person("ops")

    answer = ops.call("POST", THINGS, data=b"x" * 2_000_000)
    assert_problem(answer, 413, "body-too-large")
    answer = ops.call("POST", THINGS, data=iter([b'{"band": "x"}']))
    assert_problem(answer, 411, "length-required")


def test_a_client_that_goes_away_does_not_hurt_the_service(app: App) -> None:
    port = int(app.urls["assessment"].rsplit(":", 1)[1])
    for text in (b"", b"GET", b"POST /x HTTP/1.1\r\nContent-Length: 99\r\n\r\nab", b"\x16\x03\x01"):
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(text)

    assert app.anybody().get("/health/live").status_code == 200


def test_every_answer_carries_the_correlation_id_it_was_asked_with(app: App) -> None:
    asked = str(uuid4())

    answer = app.anybody().get("/health/live", headers={"Correlation-Id": asked})
    strange = app.anybody().get("/health/live", headers={"Correlation-Id": "<script>"})

    assert answer.headers["Correlation-Id"] == asked
    assert strange.headers["Correlation-Id"] != "<script>"


def test_an_exception_becomes_a_problem_that_tells_nothing(app: App) -> None:
    answer = app.person("ops").post(THINGS, {"band": "x", "fail_after_commit": True})

    assert_problem(answer, 500, "internal-error")
    assert "after the commit" not in answer.text


def test_the_same_key_and_body_twice_is_one_change_with_one_answer(app: App) -> None:
    ops, key = app.person("ops"), {"Idempotency-Key": str(uuid4())}

    first = ops.post(THINGS, {"band": "x"}, headers=key)
    second = ops.post(THINGS, {"band": "x"}, headers=key)

    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert first.headers["Correlation-Id"] == second.headers["Correlation-Id"]
    assert marks(app, "assessment", "made", first.json()["id"]) == 1


def test_the_same_key_many_times_at_once_is_one_change_with_one_answer(app: App) -> None:
    ops, key = app.person("ops"), {"Idempotency-Key": str(uuid4())}
    before = count(app, "assessment", "effects")

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: ops.post(THINGS, {"band": "x"}, headers=key), range(24)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert count(app, "assessment", "effects") == before + 1


def test_the_same_key_with_another_body_conflicts_and_belongs_to_one_person(app: App) -> None:
    ops, key = app.person("ops"), {"Idempotency-Key": str(uuid4())}
    ops.post(THINGS, {"band": "x"}, headers=key)

    other_body = ops.post(THINGS, {"band": "y"}, headers=key)
    other_person = app.person("ops").post(THINGS, {"band": "y"}, headers=key)

    assert_problem(other_body, 409, "idempotency-key-reused")
    assert other_person.status_code == 201


def test_a_refusal_that_changed_nothing_is_not_remembered(app: App) -> None:
    ops, key = app.person("ops"), {"Idempotency-Key": str(uuid4())}

    assert_problem(ops.post(THINGS, {"band": "x", "refuse": True}, headers=key), 409, "conflict")

    assert count(app, "assessment", "idempotency", "key = :key", key=key["Idempotency-Key"]) == 0
    assert ops.post(THINGS, {"band": "x"}, headers=key).status_code == 201


def test_a_refusal_that_kept_a_change_is_remembered_with_it(app: App) -> None:
    ops, key = app.person("ops"), {"Idempotency-Key": str(uuid4())}
    before = count(app, "assessment", "effects")

    first = ops.post(THINGS, {"band": "x", "refuse_after_commit": True}, headers=key)
    second = ops.post(THINGS, {"band": "x", "refuse_after_commit": True}, headers=key)

    assert_problem(first, 409, "conflict")
    assert first.content == second.content
    assert count(app, "assessment", "effects") == before + 1


def test_a_failure_after_a_kept_change_keeps_it_and_frees_the_key(app: App) -> None:
    ops, key = app.person("ops"), {"Idempotency-Key": str(uuid4())}
    before = count(app, "assessment", "effects")

    answer = ops.post(THINGS, {"band": "x", "fail_after_commit": True}, headers=key)

    assert_problem(answer, 500, "internal-error")
    assert count(app, "assessment", "effects") == before + 1
    assert count(app, "assessment", "idempotency", "key = :key", key=key["Idempotency-Key"]) == 0


def test_what_went_wrong_with_a_key_is_logged_as_what_it_was(app: App) -> None:
    ops = app.person("ops")

    with capture_logs() as lines:
        for wrong in ("fail_after_commit", "refuse"):
            key = {"Idempotency-Key": str(uuid4())}
            ops.post(THINGS, {"band": "x", wrong: True}, headers=key)

    told = [line for line in lines if line["event"] in {"worker-failed", "refused"}]
    assert [line.get("error", line.get("code")) for line in told] == ["RuntimeError", "conflict"]


def test_a_stored_answer_cannot_be_read_without_the_keys(app: App) -> None:
    ops, key = app.person("ops"), {"Idempotency-Key": str(uuid4())}
    made = ops.post(THINGS, {"band": "x"}, headers=key).json()["id"]

    leaked = count(
        app, "assessment", "idempotency", "position(:made in answer) > 0", made=made.encode()
    )
    assert leaked == 0
    assert count(app, "assessment", "idempotency", "key = :key", key=key["Idempotency-Key"]) == 1


@pytest.mark.parametrize("key", ["", "k" * 129])
def test_a_key_of_a_wrong_length_is_refused_by_name(app: App, key: str) -> None:
    answer = app.person("ops").post(THINGS, {"band": "x"}, headers={"Idempotency-Key": key})

    assert fields_named(assert_problem(answer, 400, "invalid-input")) == {"Idempotency-Key"}


def test_probes_answer_while_every_web_worker_is_taken(app: App) -> None:
    with ThreadPoolExecutor(40) as pool:
        slow = [pool.submit(app.anybody().get, THINGS + "/slow") for _ in range(40)]
        started = time.monotonic()
        ready = app.anybody().get("/health/ready")
        took = time.monotonic() - started
        assert not all(each.done() for each in slow)

    assert ready.status_code == 200
    assert took < 1.0


def test_readiness_asks_the_database_and_metrics_move(app: App) -> None:
    def published() -> float:
        text = app.anybody().get("/metrics").text
        lines = [line for line in text.splitlines() if "huixin_events_published_total{" in line]
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines)

    before = published()
    app.person("ops").post(THINGS, {"band": "x"})

    eventually(lambda: published() > before)
    document = app.anybody().get("/health/ready").json()
    assert document["database"] == "ok"


def test_metrics_are_for_neighbours_and_count_no_invented_methods(app: App) -> None:
    through_a_proxy = {"X-Forwarded-For": "203.0.113.9"}

    assert app.anybody().get("/metrics", headers=through_a_proxy).status_code == 404
    app.anybody().call("X8F3K", "/nothing")
    text = app.anybody().get("/metrics").text
    assert 'method="other"' in text
    assert "X8F3K" not in text


def test_an_internal_route_is_closed_to_people_and_open_to_services(app: App) -> None:
    path = "/internal/v1/events"

    assert requests.post(app.urls["booking"] + path, timeout=5).status_code == 401
    headers = {"Authorization": f"Bearer {app.issuer.token('ops')}"}
    as_person = requests.post(app.urls["booking"] + path, headers=headers, timeout=5)
    assert as_person.status_code == 401
    answer = app.service_call("POST", "booking", path, data=b"not an event")
    assert_problem(answer, 422, "invalid-fields")


def test_an_internal_route_takes_the_services_it_names_and_no_other(app: App) -> None:
    path, body = "/internal/v1/events", b"not an event"

    named = app.service_call("POST", "booking", path, data=body, caller="assessment")
    unnamed = app.service_call("POST", "booking", path, data=body, caller="portal")

    assert_problem(named, 422, "invalid-fields")
    assert_problem(unnamed, 403, "not-allowed")


def test_the_openapi_document_lists_routes_roles_and_refusals(app: App) -> None:
    document = app.anybody().get("/api/assessment/v1/openapi.json").json()

    operation = document["paths"][THINGS]["post"]
    assert operation["x-roles"] == {"ops": "city"}
    assert {"201", "401", "403", "409", "411", "413", "422"} <= operation["responses"].keys()
    assert not any(path.startswith("/internal") for path in document["paths"])
