"""Posting copies to a webhook, signed as Standard Webhooks say, one after another in order."""

import time
from contextlib import suppress
from typing import Any

import certifi
import urllib3
from urllib3.exceptions import HTTPError, SSLError
from urllib3.exceptions import TimeoutError as TookTooLong

from services.accounts.subscribers.domain import Delivered, Failed, Gone, Outcome
from services.accounts.subscribers.endpoints import (
    AddressNotAllowed,
    Endpoint,
    Networks,
    find_endpoint,
)
from services.accounts.subscribers.secrets import sign
from services.accounts.subscribers.usecases.deliver import Consignment, Parcel
from services.chassis.deadline import TooLate, within
from services.contracts.envelope import CONTENT_TYPE

CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 3.0, 10.0, 15.0
# Well within the lease: what is left goes with the next claim.
TURN_SECONDS = 60.0
GONE = 410


class WebhookSender:
    """Posts a consignment; a redirect is a failure, since it could lead inside."""

    def __init__(self, networks: Networks, clock: Any = time) -> None:
        self._networks, self._clock = networks, clock

    def deliver(self, consignment: Consignment) -> Outcome:
        """Until the first that does not arrive."""
        through = consignment.subscription.delivered
        ends = self._clock.monotonic() + TURN_SECONDS
        try:
            endpoint = find_endpoint(str(consignment.subscription.url), self._networks)
        except AddressNotAllowed:
            return Failed(through, "address-not-allowed")
        except OSError:
            return Failed(through, "name-not-found")
        with _pool(endpoint) as pool:
            for parcel in consignment.parcels:
                if self._clock.monotonic() > ends:
                    break
                reason = self._post(pool, endpoint, parcel, consignment)
                if reason == f"http-{GONE}":
                    return Gone(through)
                if reason:
                    return Failed(through, reason)
                through = through if parcel.number is None else parcel.number
        return Delivered(through)

    def _post(
        self, pool: Any, endpoint: Endpoint, parcel: Parcel, consignment: Consignment
    ) -> str | None:
        """None where it was taken, else the reason as a code."""
        moment = int(self._clock.time())
        headers = {
            "Host": endpoint.authority,
            "Content-Type": CONTENT_TYPE,
            "User-Agent": "Huixin-Webhooks/1",
            "webhook-id": parcel.id,
            "webhook-timestamp": str(moment),
            "webhook-signature": sign(
                list(consignment.signing_keys), parcel.id, moment, parcel.body
            ),
        }
        try:
            with within(WHOLE_SECONDS):
                answer = pool.urlopen(
                    "POST",
                    endpoint.target,
                    body=parcel.body,
                    headers=headers,
                    redirect=False,
                    retries=False,
                    preload_content=False,
                )
                status = int(answer.status)
                _finish(answer)
        except SSLError:
            return "tls"
        except (TooLate, TookTooLong):
            return "timeout"
        except (HTTPError, OSError):
            return "unreachable"
        return None if 200 <= status < 300 else f"http-{status}"


def _pool(endpoint: Endpoint) -> Any:
    timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
    if endpoint.scheme == "http":
        return urllib3.HTTPConnectionPool(endpoint.address, endpoint.port, timeout=timeout)
    return urllib3.HTTPSConnectionPool(
        endpoint.address,
        endpoint.port,
        timeout=timeout,
        ca_certs=certifi.where(),
        assert_hostname=endpoint.host,
        server_hostname=endpoint.host,
    )


def _finish(answer: Any) -> None:
    """Read a short answer, so that the connection can be used again; leave a long one."""
    with suppress(HTTPError, OSError):
        if len(answer.read(4096)) == 4096:
            answer.close()
    answer.release_conn()
