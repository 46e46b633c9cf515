"""One worker's way through the closed loop, in a real browser, on a phone and on a desktop."""

from pathlib import Path

import pytest
import requests

from tests.e2e.browser import PASSWORD, Page

MODERATE = (2, 2, 1, 1, 2, 1, 1, 1, 0)


def begin(page: Page) -> None:
    """To the first question of PHQ-9."""
    page.open("/scales")
    page.press("a[href='/scales/phq9']")
    page.wait_for("开始之前")
    page.press("label[for=granted]")
    page.press("form[action='/scales/phq9'] button")
    page.wait_for("第 1 题，共 9 题")


def answer(page: Page, number: int, score: int) -> None:
    """Press one answer of question `number`."""
    page.wait(lambda: page.path.endswith(f"/{number}"), f"question {number}")
    page.press(f".answer[value='{score}']")


@pytest.mark.timeout(300)
def test_screen_offer_appointment_message(page: Page, a_worker: str, pictures: Path) -> None:
    page.sign_in(a_worker)
    page.keep_picture(pictures, "home")
    begin(page)
    page.keep_picture(pictures, "question")

    for number, score in enumerate(MODERATE, start=1):
        answer(page, number, score)
    page.wait_for("都答完了")
    page.press_words("看结果")

    page.wait_for("这是筛查，不是诊断")
    assert "11" in page.find(".verdict-score").text
    page.wait(lambda: page.has(".chart canvas"), "the chart is drawn")
    page.wait(lambda: page.has("#offer-strip a[href='/offer']"), "the offer comes by itself")
    page.keep_picture(pictures, "result")

    page.press("#offer-strip a[href='/offer']")
    page.wait_for("谈话邀请")
    page.keep_picture(pictures, "offer")
    if page.has("a[href^='/slots']"):
        page.press("a[href^='/slots']")
    page.wait_for("选一个时间")
    page.keep_picture(pictures, "slots")
    page.press(".slot .button")

    page.wait_for("约好了")
    assert page.path == "/appointments"
    page.keep_picture(pictures, "appointments")
    page.wait(lambda: _inbox_tells(page), "a message about the appointment")
    page.keep_picture(pictures, "inbox")
    assert page.complaints() == []


def _inbox_tells(page: Page) -> bool:
    page.open("/inbox")
    return len(page.all(".message")) >= 2


@pytest.mark.timeout(300)
def test_an_appointment_is_moved_and_cancelled(page: Page, a_worker: str) -> None:
    page.sign_in(a_worker)
    page.open("/slots")
    page.press(".slot .button")
    page.wait_for("约好了")
    before = page.find(".when b.numbers").text

    page.press("a[href$='/reschedule']")
    page.wait_for("改到哪个时间")
    other_day = page.find(".day:not([aria-current])[href]").get_attribute("href")
    page.press(".day:not([aria-current])[href]")
    page.wait(lambda: page.find(".day[aria-current]").get_attribute("href") == other_day)
    page.press(".slot .button")
    page.wait_for("已改到新的时间")
    after = page.find(".when b.numbers").text
    page.press("a[href$='/cancel']")
    page.press("form[action$='/cancel'] button")

    page.wait_for("已取消")
    assert before != after
    assert page.complaints() == []


@pytest.mark.timeout(300)
def test_a_critical_answer_brings_help_at_once_and_the_duty_sees_it(
    page: Page, officers_page: Page, a_worker: str, pictures: Path
) -> None:
    officer = officers_page
    officer.sign_in("duty1")
    officer.open("/duty")
    waiting = int(officer.find("#pulse").get_attribute("data-waiting") or 0)
    page.sign_in(a_worker)
    begin(page)
    for number in range(1, 9):
        answer(page, number, 0)

    answer(page, 9, 2)

    page.wait_for("谢谢你如实回答")
    assert page.has("a[href='tel:12356']")
    page.keep_picture(pictures, "noticed")
    officer.wait(
        lambda: int(officer.find("#pulse").get_attribute("data-waiting") or 0) > waiting,
        "the case comes to the officer's page by itself",
    )
    officer.wait(lambda: "未确认" in officer.driver.title, "the title alerts")
    officer.keep_picture(pictures, "duty")
    officer.press(".case-waiting form button")
    officer.wait_for("已由你接手")
    officer.press("label.choice:has(input[value=not-reached])")
    officer.write("note", "打了一次，没有人接。")
    officer.press("#step-contact button")
    officer.wait_for("已记下")
    assert "没有联系上" in officer.text
    officer.keep_picture(pictures, "case")
    page.press_words("我没有立即的危险")
    page.wait_for("都答完了")
    assert page.complaints() == []
    assert officer.complaints() == []


@pytest.mark.timeout(120)
def test_help_is_one_press_away_without_signing_in(page: Page, pictures: Path) -> None:
    page.open("/")
    page.keep_picture(pictures, "welcome")

    page.press("#help-now")
    page.wait_for("现在可以打的电话")
    page.keep_picture(pictures, "help")
    page.write("phone", "13800001234")
    page.press("form[action='/help'] button")

    page.wait_for("我们收到了")
    assert page.has("a[href='tel:12356']")
    assert page.complaints() == []


@pytest.mark.timeout(120)
def test_operators_follow_one_loop_through_the_services(
    page: Page, system: str, a_worker: str, pictures: Path
) -> None:
    loop = _answer_by_the_public_interface(system, a_worker)
    page.sign_in("ops")
    page.open("/ops")

    page.write("loop", loop)
    page.press("form[action='/ops'] button")

    def told() -> bool:
        page.driver.refresh()
        return "notification.message-sent.v1" in page.text

    page.wait(told, "the whole loop")
    for step in ("assessment.response-completed.v1", "booking.offer-made.v1"):
        assert step in page.text
    page.keep_picture(pictures, "loop")


def _answer_by_the_public_interface(system: str, login: str) -> str:
    """A moderate PHQ-9 through the gateway; its correlation id."""
    with requests.Session() as session:
        sign_in = {"login": login, "password": PASSWORD}
        answer = session.post(f"{system}/api/accounts/v1/sessions", json=sign_in, timeout=20)
        session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        scale = session.get(f"{system}/api/assessment/v1/instruments/phq9", timeout=20).json()
        sheet = {
            "instrument": "phq9",
            "answers": {f"q{number}": score for number, score in enumerate(MODERATE, start=1)},
            "consent": {"version": scale["consent"]["version"], "granted": True},
        }
        answer = session.post(f"{system}/api/assessment/v1/responses", json=sheet, timeout=20)
        assert answer.status_code == 201, answer.text
        return str(answer.headers["Correlation-Id"])
