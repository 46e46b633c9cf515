"""Messages from events to the inbox and the mail server."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from services.contracts.booking import OfferExpiredV1, OfferMadeV1
from tests.component.notification.conftest import Desk, ToyAccounts
from tests.support.apps import eventually
from tests.support.smtp import Rule


def an_offer(person, **fields):
    good = {
        "offer": uuid4(),
        "person": person,
        "urgency": 2,
        "expires_at": datetime.now(UTC) + timedelta(hours=72),
    }
    return OfferMadeV1(**{**good, **fields})


def channel(message, name):
    return next(each for each in message["channels"] if each["channel"] == name)


def test_an_offer_reaches_the_inbox_and_the_mail_server(desk: Desk):
    worker = desk.somebody()

    envelope = desk.happens(an_offer(worker.person))

    (mail,) = desk.mails(worker)
    (message,) = desk.inbox(worker)
    assert message["kind"] == "offer-ready" and message["read_at"] is None
    assert channel(message, "in-app")["state"] == "sent"
    eventually(lambda: channel(desk.inbox(worker)[0], "email")["state"] == "sent")
    assert mail.message_id == f"<{message['id']}@huixin.example>"
    assert mail.message["Subject"] == "您有一条新消息"
    assert mail.text.startswith("请登录后查看。") and "https://huixin.example/inbox" in mail.text
    sent = desk.published("notification.message-sent.v1", message=message["id"])
    assert {row.data["channel"] for row in sent} == {"in-app", "email"}
    assert {row.correlation_id for row in sent} == {envelope.correlation_id}
    assert {row.sequence for row in sent} == {1, 2}


def test_an_event_that_comes_twice_is_told_once(desk: Desk):
    worker = desk.somebody()

    envelope = desk.happens(an_offer(worker.person))
    desk.deliver(envelope)
    desk.happens(OfferExpiredV1(offer=envelope.data.offer, person=worker.person))

    assert [each["kind"] for each in desk.inbox(worker)] == ["offer-expired", "offer-ready"]
    assert len(desk.mails(worker, 2)) == 2


def test_a_person_without_an_address_has_the_inbox(desk: Desk):
    worker = desk.somebody(mail=False)

    desk.happens(an_offer(worker.person))

    eventually(lambda: channel(desk.inbox(worker)[0], "email")["state"] == "failed")
    assert channel(desk.inbox(worker)[0], "email")["reason"] == "no-address"
    assert not desk.published("notification.message-failed.v1", person=worker.person)


def test_a_greylisted_mail_goes_out_at_a_later_attempt_under_the_same_id(desk: Desk):
    worker = desk.somebody()
    desk.mailbox.rule(Rule.GREYLIST)

    desk.happens(an_offer(worker.person))
    eventually(lambda: channel(desk.inbox(worker)[0], "email")["reason"] == "try-later")
    desk.mailbox.rule(Rule.ACCEPT)
    desk.skip_to("delivery")

    (mail,) = desk.mails(worker)
    assert mail.message_id.startswith(f"<{desk.inbox(worker)[0]['id']}@")
    eventually(lambda: channel(desk.inbox(worker)[0], "email")["state"] == "sent")
    assert not desk.attempts_waiting(desk.inbox(worker)[0]["id"])


def test_a_refused_recipient_is_given_up_and_told(desk: Desk):
    worker = desk.somebody()
    desk.mailbox.rule(Rule.REFUSE)

    desk.happens(an_offer(worker.person))

    mine = {"person": worker.person}
    (failed,) = eventually(lambda: desk.published("notification.message-failed.v1", **mine))
    assert failed.data["reason"] == "recipient-refused" and "@" not in str(failed.data)
    assert not desk.attempts_waiting(failed.data["message"])


def test_an_attempt_that_was_lost_is_made_again(desk: Desk):
    worker = desk.somebody()
    desk.mailbox.rule(Rule.GREYLIST)
    desk.happens(an_offer(worker.person))
    eventually(lambda: channel(desk.inbox(worker)[0], "email")["reason"] == "try-later")
    desk.mailbox.rule(Rule.ACCEPT)

    # As a process killed between claim and acceptance leaves it.
    desk.change("UPDATE deliveries SET reason = NULL WHERE state = 'queued'")
    desk.skip_to("delivery")

    assert len(desk.mails(worker)) == 1


def test_while_accounts_is_away_a_mail_waits(desk: Desk):
    worker = desk.somebody()
    ToyAccounts.away = True

    desk.happens(an_offer(worker.person))

    eventually(lambda: channel(desk.inbox(worker)[0], "email")["reason"] == "address-unknown")
    ToyAccounts.away = False
    desk.skip_to("delivery")
    assert len(desk.mails(worker)) == 1


def test_addresses_are_stored_sealed(desk: Desk):
    worker = desk.somebody()

    desk.happens(an_offer(worker.person))
    desk.mails(worker)

    (row,) = desk.rows("SELECT sealed FROM contacts WHERE person = :p", p=worker.person)
    assert b"people.example" not in bytes(row.sealed)


def test_the_reader_chooses_the_language(desk: Desk):
    worker = desk.somebody()
    ToyAccounts.languages[worker.person] = "en"

    desk.happens(an_offer(worker.person))

    assert desk.mails(worker)[0].message["Subject"] == "You have a new message"
    english = worker.get("/api/notification/v1/messages", headers={"Accept-Language": "en"})
    assert english.json()["items"][0]["title"] == "A service is waiting for your answer"


def test_reading_marks_delivered_once(desk: Desk):
    worker = desk.somebody()
    desk.happens(an_offer(worker.person))
    message = desk.inbox(worker)[0]["id"]
    path = f"/api/notification/v1/messages/{message}/read"

    answers = [worker.post(path).status_code for _ in range(2)]

    assert answers == [204, 204]
    assert desk.inbox(worker)[0]["read_at"]
    assert channel(desk.inbox(worker)[0], "in-app")["state"] == "delivered"
    assert len(desk.published("notification.message-delivered.v1", message=message)) == 1
    assert worker.get("/api/notification/v1/messages/unread").json() == {"count": 0, "urgent": 0}


def test_nobody_reads_the_inbox_of_another(desk: Desk):
    worker, other = desk.somebody(), desk.somebody()
    desk.happens(an_offer(worker.person))
    path = f"/api/notification/v1/messages/{desk.inbox(worker)[0]['id']}"

    assert desk.inbox(other) == []
    assert other.get(path).status_code == 404
    assert other.post(f"{path}/read").json()["code"] == "no-such-message"
    assert desk.app.anybody().get("/api/notification/v1/messages").status_code == 401


def test_the_inbox_comes_in_pages(desk: Desk):
    worker = desk.somebody(mail=False)
    for _ in range(5):
        desk.happens(an_offer(worker.person))

    seen, cursor = [], None
    while True:
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = worker.get("/api/notification/v1/messages", params=query).json()
        seen += [each["id"] for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert len(seen) == len(set(seen)) == 5
    bad = worker.get("/api/notification/v1/messages", params={"cursor": "nonsense"})
    assert bad.status_code == 400 and bad.json()["errors"][0]["field"] == "cursor"


def test_all_can_be_marked_read_up_to_a_moment(desk: Desk):
    worker = desk.somebody(mail=False)
    for _ in range(3):
        desk.happens(an_offer(worker.person))
    second = desk.inbox(worker)[1]["created_at"]

    answer = worker.post("/api/notification/v1/messages/read", {"until": second})

    assert answer.json() == {"read": 2}
    unread = worker.get("/api/notification/v1/messages", params={"unread": "true"}).json()
    assert len(unread["items"]) == 1


def an_order(person, **fields):
    good = {
        "id": str(uuid4()),
        "person": str(person),
        "kind": "one-time-code",
        "channel": "email",
        "address": f"new-{str(person)[:8]}@people.example",
        "language": "zh",
        "code": "ABCD-EFGH",
        "expires_at": (datetime.now(UTC) + timedelta(minutes=30)).isoformat(),
    }
    return {**good, **fields}


def test_a_one_time_code_is_mailed_but_not_shown_in_the_inbox(desk: Desk):
    worker = desk.somebody(mail=False)
    order = an_order(worker.person)
    path = "/internal/v1/one-time-messages"

    answers = [
        desk.app.service_call("POST", "notification", path, json=order, caller="accounts")
        for _ in range(2)
    ]

    assert [each.status_code for each in answers] == [202, 202]
    eventually(lambda: desk.mailbox.mails(order["address"]))
    eventually(lambda: desk.published("notification.message-sent.v1", message=order["id"]))
    (mail,) = desk.mailbox.mails(order["address"])
    assert "ABCD-EFGH" in mail.text and "ABCD" not in str(mail.message["Subject"])
    assert desk.inbox(worker) == []
    (row,) = desk.rows("SELECT params::text FROM messages WHERE id = :id", id=order["id"])
    assert "ABCD" not in row.params and "people" not in row.params


def test_an_order_for_a_code_comes_from_a_service_and_names_what_is_wrong(desk: Desk):
    order = an_order(uuid4(), code="<script>")
    path = "/internal/v1/one-time-messages"

    refused = desk.app.service_call("POST", "notification", path, json=order, caller="accounts")
    stranger = desk.somebody("city-admin")

    assert refused.status_code == 422 and refused.json()["errors"][0]["field"] == "code"
    url = desk.app.url_of(path, "notification")
    assert stranger._session.post(url, json=order).status_code == 401
