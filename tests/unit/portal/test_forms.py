import pytest

from services.portal.client.refusals import FieldProblem, Problem, read_problem
from services.portal.client.shelf import KEPT_SECONDS, Shelf
from services.portal.gateway.entrypoints import NOT_PASSED_ON
from services.portal.help.views import help_card, read_hotlines
from services.portal.settings import parse_links
from services.portal.web.forms import read_form, refused_form, sentence
from services.portal.web.frame import DOORS, doors_of, navigation
from tests.unit.portal.pages import EN, ZH


def test_a_refused_field_is_told_at_the_field() -> None:
    problem = Problem(422, "invalid-fields", errors=(FieldProblem("body.phone", "x", "too-long"),))

    form = refused_form({"phone": "1" * 99}, problem, ZH)

    assert form.problem("phone") == "太长了。"
    assert form.general == ""
    assert form.value("phone") == "1" * 99


def test_a_refusal_of_no_field_of_the_form_is_told_in_general() -> None:
    problem = Problem(409, "slot-already-taken", "taken", (FieldProblem("slot_id", "taken"),))

    form = refused_form({"mode": "video"}, problem, ZH)

    assert form.general == "这个时间刚被别人约走了，请另选一个。"
    assert not form.valid


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (Problem(409, "some-new-code", "The room is being painted."), "The room is being painted."),
        (Problem(409), "Not possible now; please reload and look again."),
        (Problem(418), "That did not work. Please try again."),
    ],
)
def test_every_refusal_becomes_a_sentence(problem: Problem, words: str) -> None:
    assert sentence(problem, EN) == words


@pytest.mark.parametrize("document", [None, [], "x", {}, {"errors": "x"}, {"errors": [1]}])
def test_a_problem_document_is_read_with_patience(document: object) -> None:
    assert read_problem(400, document).errors == ()


def test_a_form_is_read_as_browsers_send_it() -> None:
    body = b"login=%E6%9D%8E+%E5%B8%88&empty=&a=1&a=2"

    assert read_form(body) == {"login": "李 师", "empty": "", "a": "2"}


def test_the_help_card_names_the_national_line_first_and_the_citys_second() -> None:
    card = help_card(read_hotlines("热线 | 0631-123 4567 | 每天; 二线|+86 10 12|夜间"), ZH)

    assert [line.dial for line in card.lines] == ["12356", "06311234567", "+861012", "120", "110"]


@pytest.mark.parametrize("setting", ["just a name", "a|b|c", "a|1"])
def test_a_hotline_that_cannot_be_called_is_refused_at_start(setting: str) -> None:
    with pytest.raises(ValueError, match=r"name\|number\|hours"):
        read_hotlines(setting)


def test_links_of_operators_are_web_addresses() -> None:
    assert parse_links("Grafana|http://g; A|/a") == (("Grafana", "http://g"), ("A", "/a"))
    with pytest.raises(ValueError, match=r"name\|address"):
        parse_links("x|javascript:alert(1)")


def test_a_role_sees_its_own_doors_only() -> None:
    assert [door.name for door in doors_of(["worker"])] == ["scales", "appointments", "inbox"]
    assert [door.name for door in doors_of(["unit-admin"])] == []
    assert [door.name for door in doors_of(["ops"])] == ["ops", "subscribers"]


def test_no_administrator_has_a_door_to_a_persons_results() -> None:
    for role in ("unit-admin", "district-admin", "city-admin", "ops"):
        assert not {"scales", "duty", "counselling", "inbox"} & {d.name for d in doors_of([role])}


def test_the_navigation_marks_where_one_is() -> None:
    items = navigation(["worker"], "/appointments/x/cancel", unread=3)

    assert [item.name for item in items if item.current] == ["appointments"]
    assert [item.count for item in items if item.name == "inbox"] == [3]


def test_every_door_has_its_words() -> None:
    for door in DOORS:
        for key in (f"nav.{door.name}", f"home.door.{door.name}", f"home.door.{door.name}_text"):
            assert ZH.has(key), key


def test_the_shelf_asks_again_after_a_while_and_keeps_no_failure() -> None:
    now, answers = [0.0], [1, 2]
    shelf = Shelf(clock=lambda: now[0])

    with pytest.raises(ZeroDivisionError):
        shelf.get(("sites",), lambda: 1 // 0)
    first = shelf.get(("sites",), lambda: answers.pop(0))
    again = shelf.get(("sites",), lambda: answers.pop(0))
    now[0] = KEPT_SECONDS + 1
    later = shelf.get(("sites",), lambda: answers.pop(0))

    assert (first, again, later) == (1, 1, 2)


def test_the_gateway_passes_neither_cookies_nor_claims_about_the_caller() -> None:
    assert {"cookie", "set-cookie", "x-forwarded-for", "host"} <= NOT_PASSED_ON
    assert (
        not {"authorization", "idempotency-key", "correlation-id", "content-type"} & NOT_PASSED_ON
    )
