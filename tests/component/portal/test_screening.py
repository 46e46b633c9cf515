import json
from typing import Any

import pytest

from tests.component.portal.browser import Browser
from tests.component.portal.city import Asked, City
from tests.component.portal.conftest import signed_in
from tests.unit.portal import samples

SITTING = samples.a_sitting()["id"]
RESPONSE = samples.a_result()["id"]


class Sitting:
    """A sitting at the pretended assessment service."""

    def __init__(self, city: City) -> None:
        self.answers: dict[str, Any] = {}
        city.answer("POST /assessment/sittings", self._shown, 201)
        city.answer(f"GET /assessment/sittings/{SITTING}", self._shown)
        city.answer(f"PATCH /assessment/sittings/{SITTING}", self._save)
        result = {"id": RESPONSE, "scores": {"total": 12}, "band": "moderate", "risk": "none"}
        city.answer(f"POST /assessment/sittings/{SITTING}/submit", result, 201)

    def _shown(self, _asked: Asked) -> tuple[int, Any]:
        crisis = (self.answers.get("q9") or 0) > 0
        return 200, {
            **samples.a_sitting(**self.answers),
            "risk": "crisis" if crisis else "unknown",
        }

    def _save(self, asked: Asked) -> tuple[int, Any]:
        self.answers |= asked.json["answers"]
        return self._shown(asked)


def begun(browser: Browser, city: City) -> Sitting:
    sitting = Sitting(city)
    signed_in(browser, city, "worker")
    browser.get("/scales/phq9")
    browser.send("/scales/phq9", granted="yes")
    return sitting


def test_consent_comes_first(browser: Browser, city: City) -> None:
    Sitting(city)
    signed_in(browser, city, "worker")
    browser.get("/scales/phq9")

    page = browser.send("/scales/phq9")

    assert page.status_code == 422
    assert "需要你的同意" in page.text
    assert city.requests("POST /assessment/sittings") == []


def test_each_answer_is_saved_at_once_and_leads_on(browser: Browser, city: City) -> None:
    sitting = begun(browser, city)
    assert "第 1 题，共 9 题" in (browser.page.text if browser.page else "")

    page = browser.send(f"/sittings/{SITTING}/1", answer="2")

    assert sitting.answers == {"q1": 2}
    assert "第 2 题，共 9 题" in page.text


def test_an_answer_given_before_is_shown_and_can_be_changed(browser: Browser, city: City) -> None:
    sitting = begun(browser, city)
    browser.send(f"/sittings/{SITTING}/1", answer="2")

    page = browser.get(f"/sittings/{SITTING}/1")
    browser.send(f"/sittings/{SITTING}/1", answer="0")

    assert 'value="2" aria-pressed="true"' in page.text
    assert sitting.answers == {"q1": 0}


def test_a_question_can_be_left_out(browser: Browser, city: City) -> None:
    sitting = begun(browser, city)

    browser.send(f"/sittings/{SITTING}/1", answer="")

    assert sitting.answers == {"q1": None}


def test_a_critical_answer_shows_the_help_card_at_once_and_blocks_nothing(
    browser: Browser, city: City
) -> None:
    sitting = begun(browser, city)
    sitting.answers = {f"q{number}": 0 for number in range(1, 9)}
    browser.get(f"/sittings/{SITTING}/9")

    page = browser.send(f"/sittings/{SITTING}/9", answer="1")

    assert "tel:12356" in page.text
    assert "值班人员已经得到通知" in page.text
    assert f"/sittings/{SITTING}/finish" in page.text


def test_the_result_is_explained_and_called_no_diagnosis(browser: Browser, city: City) -> None:
    begun(browser, city)
    city.answer(f"GET /assessment/responses/{RESPONSE}", samples.a_result())
    city.answer("GET /assessment/responses", {"items": samples.earlier_results()})
    browser.get(f"/sittings/{SITTING}/finish")

    page = browser.send(f"/sittings/{SITTING}/submit")

    assert page.url.endswith(f"/results/{RESPONSE}")
    assert "这是筛查，不是诊断" in page.text
    assert "承受的比平时多" in page.text
    assert 'data-chart="band"' in page.text
    assert 'data-chart="trend"' in page.text


def test_a_refused_answer_is_told_on_the_question(browser: Browser, city: City) -> None:
    begun(browser, city)
    problem = {
        "status": 422,
        "code": "answers-refused",
        "errors": [{"field": "answers.q1", "message": "expected 0 to 3", "code": "out-of-range"}],
    }
    city.answer(f"PATCH /assessment/sittings/{SITTING}", problem, 422)

    page = browser.send(f"/sittings/{SITTING}/1", answer="7")

    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert "第 1 题" in page.text


def test_somebody_elses_result_does_not_exist(browser: Browser, city: City) -> None:
    signed_in(browser, city, "worker")
    city.answer(f"GET /assessment/responses/{RESPONSE}", {"code": "response-not-found"}, 404)

    page = browser.get(f"/results/{RESPONSE}")

    assert page.status_code == 404
    assert "不属于你的账号" in page.text


@pytest.mark.parametrize(
    ("given", "asked", "body"),
    [
        ({"agrees": "no", "text": "在搬家"}, "PUT", {"text": "在搬家", "agrees": False}),
        ({"text": "只是累"}, "PUT", {"text": "只是累", "agrees": None}),
        ({"text": ""}, "DELETE", None),
    ],
)
def test_a_person_says_whether_the_result_fits(
    browser: Browser, city: City, given: dict[str, str], asked: str, body: Any
) -> None:
    signed_in(browser, city, "worker")
    result = samples.a_result(remark={"agrees": True, "text": "旧的话", "written_at": samples.at()})
    path = f"/assessment/responses/{result['id']}"
    city.answer(f"GET {path}", result)
    city.answer("GET /assessment/instruments/phq9", samples.an_instrument())
    city.answer("GET /assessment/responses", {"items": [result], "next": None})
    city.answer("GET /booking/offers", {"items": [], "next": None})
    city.answer(f"{asked} {path}/remark", None, 204)
    assert "旧的话" in browser.get(f"/results/{result['id']}").text

    page = browser.send(f"/results/{result['id']}/remark", **{"agrees": "", **given})

    [call] = city.requests(f"{asked} {path}/remark")
    assert (json.loads(call.body) if call.body else None) == body
    assert "已保存" in page.text
