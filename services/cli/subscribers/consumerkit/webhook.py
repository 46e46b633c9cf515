"""Takes the webhook of the Huixin subscription «@NAME@»: checked, each once, in order.

    pip install standardwebhooks
    HUIXIN_SIGNING_KEY=whsec_… python webhook.py 8080

Put TLS before it. Answer 2xx only for what you have kept: anything else comes again, for three
days; 410 ends the deliveries.
"""

import json
import os
import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock

from standardwebhooks import Webhook, WebhookVerificationError

webhook = Webhook(os.environ["HUIXIN_SIGNING_KEY"])
one_at_a_time = Lock()
store = sqlite3.connect(
    os.environ.get("HUIXIN_STORE", "@NAME@.db"), isolation_level=None, check_same_thread=False
)
store.execute("CREATE TABLE IF NOT EXISTS place (one INTEGER PRIMARY KEY, number INTEGER)")
store.execute("INSERT OR IGNORE INTO place VALUES (1, 0)")


def handle(event: dict) -> None:
    """Yours to write. It shares a transaction with the place, so it takes effect once."""
    print(json.dumps(event, ensure_ascii=False), flush=True)


def take(event: dict) -> bool:
    """False where something before it is missing: refuse it, and resume from after the place."""
    number = int(event.get("subscriptionsequence", 0))
    with one_at_a_time:
        place = store.execute("SELECT number FROM place").fetchone()[0]
        if number <= place:  # a heartbeat, or here before
            return True
        if number > place + 1:
            return False
        store.execute("BEGIN")
        try:
            handle(event)
            store.execute("UPDATE place SET number = ?", (number,))
            store.execute("COMMIT")
        except BaseException:
            store.execute("ROLLBACK")
            raise
    return True


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            event = webhook.verify(body, dict(self.headers))
        except WebhookVerificationError:
            self._answer(401)
            return
        self._answer(204 if take(event) else 409)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        pass


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
