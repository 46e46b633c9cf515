"""Reads the events of the Huixin subscription «@NAME@»: each once, in order, and none missed.

    pip install kombu
    HUIXIN_SECRET=… python consumer.py
"""

import base64
import json
import os
import sqlite3
import sys
import urllib.request

from kombu import Connection, Consumer, Queue

USER, QUEUE = "subscriber-@NAME@", "subscriber.@NAME@"
SECRET = os.environ["HUIXIN_SECRET"]
BROKER = os.environ.get("HUIXIN_BROKER", "@BROKER@")
API = os.environ.get("HUIXIN_API", "@API@/api/accounts/v1/subscriptions/@ID@")
HEARTBEAT = "accounts.subscription-heartbeat.v1"
CONFIRM_EVERY = 100

store = sqlite3.connect(os.environ.get("HUIXIN_STORE", "@NAME@.db"), isolation_level=None)
store.execute("CREATE TABLE IF NOT EXISTS place (one INTEGER PRIMARY KEY, number INTEGER)")
store.execute("INSERT OR IGNORE INTO place VALUES (1, 0)")


def handle(event: dict) -> None:
    """Yours to write. It shares a transaction with the place, so it takes effect once."""
    print(json.dumps(event, ensure_ascii=False), flush=True)


def place() -> int:
    return store.execute("SELECT number FROM place").fetchone()[0]


def take(event: dict) -> None:
    """Handle the event that is next; one that was here before changes nothing."""
    number = int(event["subscriptionsequence"])
    if number != place() + 1:
        return
    store.execute("BEGIN")
    try:
        handle(event)
        store.execute("UPDATE place SET number = ?", (number,))
        store.execute("COMMIT")
    except BaseException:
        store.execute("ROLLBACK")
        raise


def catch_up(to: int) -> None:
    """Ask for what the queue did not bring."""
    while place() < to:
        page = ask("GET", f"/events?after={place()}&limit=200")
        for event in page["items"]:
            take(event)


def confirm() -> None:
    ask("PUT", "/checkpoint", {"number": place()})


def ask(method: str, path: str, body: dict | None = None) -> dict:
    basic = base64.b64encode(f"{USER}:{SECRET}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(API + path, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def on_message(body: bytes | str, message) -> None:
    event = json.loads(body)
    if event["type"] == HEARTBEAT:
        catch_up(event["data"]["last"])
        confirm()
    else:
        number = int(event["subscriptionsequence"])
        catch_up(number - 1)
        take(event)
        if number % CONFIRM_EVERY == 0:
            confirm()
    message.ack()


def main() -> None:
    with Connection(BROKER, userid=USER, password=SECRET, heartbeat=30) as connection:
        queue = Queue(QUEUE, no_declare=True)
        consumer = Consumer(
            connection.channel(),
            [queue],
            callbacks=[on_message],
            auto_declare=False,
            prefetch_count=100,
        )
        with consumer:
            print(f"reading {QUEUE} from number {place() + 1}", file=sys.stderr, flush=True)
            while True:
                try:
                    connection.drain_events(timeout=10)
                except TimeoutError:
                    connection.heartbeat_check()


if __name__ == "__main__":
    main()
