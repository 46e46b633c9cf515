"""Crisis pages: at once, further up by the clock, until somebody takes the case."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from services.contracts.assessment import FlagSource
from services.contracts.booking import (
    CaseAcknowledgedV1,
    CaseClosedV1,
    CaseContactedV1,
    CaseEscalatedV1,
    CaseOpenedV1,
    CaseOverdueV1,
    PageStep,
)
from tests.component.notification.conftest import FALLBACK, Desk, ToyAccounts
from tests.support.apps import eventually
from tests.support.smtp import Rule

MINUTES = (0, 15, 30, 60)


def chain(*officers):
    now = datetime.now(UTC)
    return tuple(
        PageStep(officer=each.person, tier=tier + 1, due_at=now + timedelta(minutes=minutes))
        for tier, (each, minutes) in enumerate(zip(officers, MINUTES, strict=False))
    )


def a_case(*officers, **fields):
    good = {
        "case": uuid4(),
        "person": uuid4(),
        "crisis": True,
        "source": FlagSource.RESPONSE,
        "chain": chain(*officers),
    }
    return CaseOpenedV1(**{**good, **fields})


def officers(desk, number):
    return [desk.somebody("duty", staff=True) for _ in range(number)]


def acknowledged(opened, officer):
    return CaseAcknowledgedV1(
        case=opened.case, person=opened.person, officer=officer.person, seconds=60
    )


def open_pages(client):
    return [each["case"] for each in client.get("/api/notification/v1/pages").json()["items"]]


def test_the_first_officer_is_paged_at_once_the_second_not_yet(desk: Desk):
    first, second = officers(desk, 2)
    opened = a_case(first, second)

    envelope = desk.happens(opened)

    (mail,) = desk.mails(first, within=2)
    assert open_pages(first) == [str(opened.case)] and open_pages(second) == []
    assert mail.message["Subject"] == "值班任务待处理"
    assert mail.message["Importance"] == "high"
    assert "https://huixin.example/duty" in mail.text and str(opened.person) not in str(
        mail.message
    )
    assert str(opened.case) not in mail.message.as_string()
    sent = eventually(
        lambda: (
            len(found := desk.published("notification.message-sent.v1", case=opened.case)) == 2
            and found
        )
    )
    assert all(row.urgent for row in sent)
    (raised,) = desk.published("notification.escalation-raised.v1", case=opened.case)
    assert raised.data["officer"] == str(first.person) and raised.data["round"] == 1
    assert raised.correlation_id == envelope.correlation_id
    assert desk.mailbox.mails(str(second.person)[:13]) == []


def test_without_acknowledgement_the_next_is_paged_and_at_the_end_the_first_again(desk: Desk):
    pair = officers(desk, 2)
    opened = a_case(*pair)
    desk.happens(opened)
    desk.mails(pair[0])

    for minutes, officer, count in ((16, pair[1], 1), (31, pair[0], 2)):
        _let_pass(desk, opened.case, minutes)
        desk.mails(officer, count)

    expired = desk.published("notification.escalation-expired.v1", case=opened.case)
    raised = desk.published("notification.escalation-raised.v1", case=opened.case)
    assert [row.data["round"] for row in expired] == [1]
    assert [row.data["round"] for row in raised] == [1, 1, 1, 2]
    assert raised[2].data["officer"] is None


def _let_pass(desk, case, minutes):
    """Move the case's whole clock back, as if it had been so long."""
    desk.change("UPDATE pagers SET mailed_at = mailed_at - make_interval(mins => :m)", m=minutes)
    desk.change(
        """
        UPDATE escalations SET rungs = (
            SELECT jsonb_agg(rung || jsonb_build_object(
                'due_at', (rung->>'due_at')::timestamptz - make_interval(mins => :m),
                'paged_at', (rung->>'paged_at')::timestamptz - make_interval(mins => :m)))
            FROM jsonb_array_elements(rungs) AS rung) WHERE case_id = :case
        """,
        m=minutes,
        case=case,
    )
    desk.set_timer("escalation", str(case))


def test_an_acknowledged_case_pages_nobody_further(desk: Desk):
    first, second = officers(desk, 2)
    opened = a_case(first, second)
    desk.happens(opened)
    desk.mails(first)

    desk.happens(acknowledged(opened, first))

    assert open_pages(first) == []
    assert not desk.timers("escalation", str(opened.case))
    assert len(desk.published("notification.escalation-acknowledged.v1", case=opened.case)) == 1
    delivered = desk.published("notification.message-delivered.v1", case=opened.case)
    assert [row.data["person"] for row in delivered] == [str(first.person)]


def test_an_acknowledgement_that_overtakes_the_opening_stops_it(desk: Desk):
    (officer,) = officers(desk, 1)
    opened = a_case(officer)

    desk.happens(acknowledged(opened, officer), sequence=2)
    desk.happens(opened, sequence=1)

    assert open_pages(officer) == []
    assert not desk.published("notification.escalation-raised.v1", case=opened.case)


def test_an_overdue_case_is_paged_again(desk: Desk):
    (officer,) = officers(desk, 1)
    opened = a_case(officer)
    desk.happens(opened)
    desk.mails(officer)
    desk.happens(acknowledged(opened, officer))

    overdue = CaseOverdueV1(
        case=opened.case, person=opened.person, reason="contact", chain=chain(officer)
    )
    desk.happens(overdue)

    assert open_pages(officer) == [str(opened.case)]
    raised = desk.published("notification.escalation-raised.v1", case=opened.case)
    assert len({row.data["escalation"] for row in raised}) == 2


def test_contact_and_closing_stop_paging(desk: Desk):
    for stop in (
        lambda case, officer: CaseContactedV1(
            case=case, person=None, officer=officer.person, reached=True, seconds=9
        ),
        lambda case, _officer: CaseClosedV1(case=case, person=None),
    ):
        (officer,) = officers(desk, 1)
        opened = a_case(officer)
        desk.happens(opened)

        desk.happens(stop(opened.case, officer))

        assert open_pages(officer) == []


def test_an_escalated_case_pages_the_named_tier_now(desk: Desk):
    trio = officers(desk, 3)
    opened = a_case(*trio)
    desk.happens(opened)

    desk.happens(CaseEscalatedV1(case=opened.case, person=None, tier=3, reason="contact-limit"))

    assert len(desk.mails(trio[2])) == 1 and len(desk.mails(trio[1])) == 1


def test_a_late_care_case_pages_nobody(desk: Desk):
    case = uuid4()

    desk.happens(CaseOverdueV1(case=case, person=uuid4(), reason="follow-up"))

    assert not desk.published("notification.escalation-raised.v1", case=case)


def test_a_care_case_pages_nobody(desk: Desk):
    (officer,) = officers(desk, 1)
    opened = a_case(officer, crisis=False)

    desk.happens(opened)

    assert open_pages(officer) == []


def test_nobody_rostered_means_the_fallback_contact_and_says_so(desk: Desk):
    desk.change("DELETE FROM pagers")
    before = len(desk.mailbox.mails(FALLBACK))
    opened = a_case(fallback=True, chain=())

    desk.happens(opened)

    eventually(lambda: len(desk.mailbox.mails(FALLBACK)) > before)
    mail = desk.mailbox.mails(FALLBACK)[-1]
    assert "无人值班" in str(mail.message["Subject"])
    (raised,) = desk.published("notification.escalation-raised.v1", case=opened.case)
    assert raised.data["officer"] is None
    (sent,) = eventually(lambda: desk.published("notification.message-sent.v1", case=opened.case))
    assert sent.data["person"] is None and sent.data["channel"] == "email"
    desk.happens(CaseClosedV1(case=opened.case, person=None))


def test_several_cases_of_one_officer_are_one_mail_and_the_first_waits_for_none(desk: Desk):
    (officer,) = officers(desk, 1)
    cases = [a_case(officer) for _ in range(4)]

    for opened in cases:
        desk.happens(opened)
    (first,) = desk.mails(officer, within=2)
    assert len(open_pages(officer)) == 4
    desk.skip_to("page-mail")

    mails = desk.mails(officer, 2)
    assert "有 1 项" in first.text and "有 3 项" in mails[1].text
    for opened in cases:
        kept = {"case": opened.case, "channel": "email"}
        eventually(lambda kept=kept: desk.published("notification.message-sent.v1", **kept))
    loops = desk.published("notification.message-sent.v1", person=officer.person, channel="email")
    assert len({row.correlation_id for row in loops}) == 4


def test_gathered_pages_of_cases_taken_meanwhile_are_not_sent(desk: Desk):
    (officer,) = officers(desk, 1)
    cases = [a_case(officer) for _ in range(2)]
    for opened in cases:
        desk.happens(opened)
        desk.mails(officer)

    desk.happens(acknowledged(cases[1], officer))
    desk.skip_to("page-mail")

    eventually(lambda: not desk.timers("page-mail", f"{officer.person}/%"))
    states = desk.rows(
        "SELECT reason FROM deliveries JOIN messages ON messages.id = message"
        " WHERE about_case = :case AND channel = 'email'",
        case=cases[1].case,
    )
    assert [row.reason for row in states] == ["not-needed"]
    assert len(desk.mailbox.mails(str(officer.person)[:13])) == 1


def test_an_officer_who_cannot_be_reached_does_not_hold_up_the_next(desk: Desk):
    unreachable = desk.somebody("duty", mail=False)
    (second,) = officers(desk, 1)
    opened = a_case(unreachable, second)

    desk.happens(opened)

    assert len(desk.mails(second)) == 1
    (failed,) = desk.published("notification.message-failed.v1", case=opened.case)
    assert failed.urgent and failed.data["reason"] == "no-address"


def test_where_nobody_of_the_chain_can_be_reached_the_fallback_is_paged(desk: Desk):
    desk.change("DELETE FROM pagers")
    before = len(desk.mailbox.mails(FALLBACK))
    unreachable = desk.somebody("duty", mail=False)

    opened = a_case(unreachable)
    desk.happens(opened)

    eventually(lambda: len(desk.mailbox.mails(FALLBACK)) > before)
    desk.happens(CaseClosedV1(case=opened.case, person=None))


def test_a_page_works_while_accounts_is_away(desk: Desk):
    (officer,) = officers(desk, 1)
    ToyAccounts.away = True

    desk.happens(a_case(officer))

    assert len(desk.mails(officer, within=2)) == 1


def test_a_page_that_was_claimed_but_never_sent_is_sent_by_its_timer(desk: Desk):
    (officer,) = officers(desk, 1)
    desk.mailbox.rule(Rule.GREYLIST)
    opened = a_case(officer)
    desk.happens(opened)
    _settled = "SELECT 1 FROM deliveries WHERE reason = 'try-later' AND message = :m"
    (page,) = desk.rows("SELECT id FROM messages WHERE about_case = :c", c=opened.case)
    eventually(lambda: desk.rows(_settled, m=page.id))
    desk.mailbox.rule(Rule.ACCEPT)

    desk.skip_to("delivery")

    (mail,) = desk.mails(officer)
    assert mail.message_id == f"<{page.id}@huixin.example>"


def test_a_drill_says_that_it_is_one(desk: Desk):
    (officer,) = officers(desk, 1)

    desk.happens(a_case(officer, drill=True))

    assert desk.mails(officer)[0].message["Subject"] == "值班演练"
    pages = officer.get("/api/notification/v1/pages").json()["items"]
    assert [each["drill"] for each in pages] == [True]


def test_pages_are_for_staff(desk: Desk):
    worker = desk.somebody()

    assert worker.get("/api/notification/v1/pages").status_code == 403
