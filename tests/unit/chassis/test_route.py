"""A route by itself: what it declares, whom it admits, what it reads, and how it answers."""

from types import SimpleNamespace
from typing import Any

import pytest
from marshmallow import Schema, fields
from structlog.testing import capture_logs
from werkzeug.wrappers import Response

from services.chassis.context import Context
from services.chassis.errors import Conflict, NotFound
from services.chassis.http import DEFAULT_LIMIT, INTERNAL, HttpEntrypoint
from services.chassis.keyring import KeyRing
from tests.unit.chassis.staging import a_request, a_route, from_person, read, refusal


class Thing(Schema):
    size = fields.Integer(required=True)


class Wish(Schema):
    most = fields.Integer(load_default=9)
    word = fields.String()


def posted(body: str, **said: Any) -> Any:
    return a_request("POST", data=body, **{"content_type": "application/json", **said})


def test_what_a_route_does_not_say_is_the_usual() -> None:
    route = HttpEntrypoint("POST", "/things", action="me.read")

    assert (route.method, route.url, route.action) == ("POST", "/things", "me.read")
    assert (route.status, route.limit, route.pool) == (200, DEFAULT_LIMIT, "web")
    assert (route.callers, route.files, route.errors, route.summary) == (frozenset(), (), (), "")
    assert route.door is route.body is route.query is route.documents is route.answer_schema is None
    assert route.problem_members is None
    assert DEFAULT_LIMIT == 65_536


def test_what_a_route_says_can_be_read_by_whoever_describes_it() -> None:
    route = HttpEntrypoint(
        "POST",
        "/things",
        action=INTERNAL,
        callers=["portal"],
        body=Thing,
        query=Wish,
        answer=Wish,
        files=["text/csv"],
        status=201,
        limit=5,
        pool="crisis",
        summary="Makes one",
        errors=[Conflict],
        problem_members=lambda _request: {},
    )

    assert (route.callers, route.body, route.query) == (frozenset({"portal"}), Thing, Wish)
    assert (route.answer_schema, route.files, route.errors) == (Wish, ("text/csv",), (Conflict,))
    assert (route.status, route.limit, route.pool) == (201, 5, "crisis")
    assert (route.summary, route.documents) == ("Makes one", Thing)
    assert route.problem_members is not None


def test_a_body_the_method_reads_itself_is_described_all_the_same() -> None:
    assert a_route(documents=Thing).documents is Thing
    assert a_route(documents=Thing).body is None
    assert a_route(documents=Wish, body=Thing).documents is Wish


@pytest.mark.parametrize(
    ("method", "said", "repeatable"),
    [
        ("POST", {"action": "me.read"}, True),
        ("DELETE", {"action": None}, True),
        ("GET", {"action": "me.read"}, False),
        ("HEAD", {"action": "me.read"}, False),
        ("POST", {"action": "me.read", "idempotent": False}, False),
        ("POST", {"action": INTERNAL, "callers": ["portal"]}, False),
    ],
)
def test_changes_by_people_are_repeatable_unless_they_say_no(
    method: str, said: dict[str, Any], repeatable: bool
) -> None:
    assert a_route(method=method, **said).idempotent is repeatable


def test_the_path_names_the_service_and_the_server_hears_of_the_route() -> None:
    route, heard = a_route(method="GET", url="/api/{service}/v1/{service}"), []
    route.server = SimpleNamespace(register_provider=heard.append)

    route.setup()

    assert route.url == "/api/booking/v1/booking"
    assert heard == [route]


def test_a_dict_is_answered_as_json_with_the_routes_status() -> None:
    answer = a_route(status=201).handle_request(a_request())

    assert (answer.status_code, read(answer)) == (201, {"done": True})
    assert answer.mimetype == "application/json"
    assert "Correlation-Id" not in answer.headers


def test_a_schema_says_what_of_the_result_is_answered() -> None:
    route = a_route(lambda _request: {"size": "7", "secret": 1}, answer=Thing)

    assert read(route.handle_request(a_request())) == {"size": 7}


def test_nothing_is_answered_as_nothing_only_where_that_is_the_routes_status() -> None:
    nothing, null, bare = (
        a_route(lambda _request: None, **said).handle_request(a_request())
        for said in ({"status": 204}, {"status": 200}, {"answer": Thing})
    )

    assert (nothing.status_code, nothing.get_data()) == (204, b"")
    assert (null.status_code, null.get_data()) == (200, b"null")
    assert (bare.status_code, bare.get_data()) == (200, b"null")
    full = a_route(status=204).handle_request(a_request())
    assert (full.status_code, read(full)) == (204, {"done": True})


def test_an_answer_that_is_one_already_stays_as_it_is() -> None:
    made = Response(b"plain", status=418)

    assert a_route(lambda _request: made).handle_request(a_request()) is made


def test_with_a_database_the_answer_names_the_loop_it_ended_in() -> None:
    route = a_route()
    route.container.transaction = SimpleNamespace(context=Context("another-loop"))

    answer = route.handle_request(a_request(headers={"Correlation-Id": "the-loop"}))

    assert answer.headers["Correlation-Id"] == "another-loop"
    assert read(answer) == {"done": True}
    assert route.container.contexts == [Context("the-loop")]


def test_what_the_path_holds_is_handed_to_the_method() -> None:
    route, request = a_route(lambda _request, thing: {"thing": thing}), a_request()
    request.path_values = {"thing": 7}

    assert read(route.handle_request(request)) == {"thing": 7}


def test_a_key_that_is_none_is_refused_where_answers_are_repeated_and_else_not_looked_at() -> None:
    repeats, does_not = (
        a_route(method="POST", action="me.read", idempotent=said) for said in (True, False)
    )

    answers = [
        route.handle_request(from_person(**{"Idempotency-Key": ""}))
        for route in (repeats, does_not)
    ]

    assert [each.status_code for each in answers] == [400, 200]


def test_without_a_database_nothing_is_repeated() -> None:
    route = a_route(method="POST", action="me.read")
    route.container.runtime.keyring = KeyRing("k1", {"k1": b"k" * 32}, b"i" * 32)

    assert read(route.handle_request(from_person(**{"Idempotency-Key": "k"}))) == {"done": True}


def test_a_refusal_is_a_problem_document_with_all_that_belongs_in_it() -> None:
    def refuse(request: Any) -> None:
        request.problem_members["from_request"] = 1
        raise NotFound("gone")

    route = a_route(refuse, problem_members=lambda request: {"path": request.path})

    answer = route.handle_request(a_request(headers={"Correlation-Id": "the-loop"}))

    document = read(answer)
    assert (answer.status_code, document["detail"]) == (404, "gone")
    assert document["correlation_id"] == "the-loop"
    assert (document["path"], document["from_request"]) == ("/things", 1)


def test_a_service_that_closes_says_so() -> None:
    route = a_route()
    route.container.closing = True

    answer = route.handle_request(a_request(headers={"Correlation-Id": "the-loop"}))

    assert refusal(answer) == (503, "unavailable")
    assert read(answer)["detail"] == "shutting down"
    assert read(answer)["correlation_id"] == "the-loop"


def test_a_bug_is_logged_with_its_type_and_answered_without() -> None:
    def fail(_request: Any) -> None:
        raise KeyError("a secret")

    request = a_request(headers={"Correlation-Id": "the-loop"})
    with capture_logs() as lines:
        answer = a_route(fail).handle_request(request)

    assert refusal(answer) == (500, "internal-error")
    assert read(answer)["correlation_id"] == "the-loop"
    assert "secret" not in answer.get_data(as_text=True)
    assert request.failure == "KeyError"
    assert lines == [
        {
            "event": "request-failed",
            "route": "/things",
            "error": "KeyError",
            "exc_info": True,
            "log_level": "error",
        }
    ]


def test_a_body_longer_than_the_route_takes_is_refused() -> None:
    route = a_route(method="POST", limit=3)

    assert refusal(route.handle_request(posted("1234"))) == (413, "body-too-large")
    assert route.handle_request(posted("123")).status_code == 200


def test_a_body_is_loaded_by_its_schema() -> None:
    route = a_route(lambda request: request.data, "POST", body=Thing)

    assert read(route.handle_request(posted('{"size": "7"}'))) == {"size": 7}
    assert refusal(route.handle_request(posted("{}"))) == (422, "invalid-fields")
    assert refusal(route.handle_request(posted("{"))) == (400, "malformed-json")
    plain = posted('{"size": 7}', content_type="text/plain")
    assert refusal(route.handle_request(plain)) == (415, "unsupported-media-type")


def test_a_query_is_loaded_by_its_schema() -> None:
    route = a_route(lambda request: request.query, query=Wish)

    assert read(route.handle_request(a_request())) == {"most": 9}
    assert read(route.handle_request(a_request(path="/things?most=3"))) == {"most": 3}
    unknown = route.handle_request(a_request(path="/things?least=3"))
    assert [each["field"] for each in read(unknown)["errors"]] == ["least"]


def test_what_no_schema_asks_for_is_not_loaded() -> None:
    route = a_route(lambda request: [request.query, request.data], "POST")

    assert read(route.handle_request(posted("{"))) == [None, None]


def test_text_with_nul_is_refused_wherever_it_stands() -> None:
    sized = type("Words", (Schema,), {"word": fields.String()})
    route = a_route(method="POST", body=sized, query=Wish)

    in_body = route.handle_request(posted('{"word": "a\\u0000"}'))
    in_query = route.handle_request(posted("{}", path="/things?word=a%00"))
    in_path = route.handle_request(posted("{}", path="/thi%00ngs"))

    assert [each["code"] for each in read(in_body)["errors"]] == ["nul"]
    assert [each["code"] for each in read(in_query)["errors"]] == ["nul"]
    assert refusal(in_path) == (404, "not-found")
    harmless = posted('{"word": "a"}', path="/things?word=a")
    assert route.handle_request(harmless).status_code == 200
