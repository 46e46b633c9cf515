"""Calls from one service to another's internal routes: short time limits, a service token."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import requests
from nameko.extensions import DependencyProvider
from requests.adapters import HTTPAdapter

from services.chassis.errors import Unavailable
from services.chassis.tracing import Tracer, calling

if TYPE_CHECKING:
    from services.chassis.servicetokens import ServiceTokens

TIMEOUT_SECONDS = (1.0, 4.0)


class PeerUnavailable(Unavailable):
    """Another service did not answer, or refused; `answered` is the status it refused with."""

    code = "peer-unavailable"
    answered: int | None = None


class Peers:
    """The other services by name, as `HUIXIN_PEERS` lists them; they continue the caller's loop."""

    def __init__(
        self, urls: Mapping[str, str], tokens: "ServiceTokens", tracer: Tracer | None = None
    ) -> None:
        self._urls = dict(urls)
        self._tokens, self._tracer = tokens, tracer
        self._session = requests.Session()
        self._session.mount("http", HTTPAdapter(pool_connections=8, pool_maxsize=32))

    def get_json(self, peer: str, path: str, **query: str) -> Any:
        """The JSON a peer's internal route answers with."""
        return self.call("GET", peer, path, params=query).json()

    def post_json(self, peer: str, path: str, body: Any) -> Any:
        """Post JSON to a peer's internal route; None where it answers without content."""
        answer = self.call("POST", peer, path, json=body)
        return answer.json() if answer.content else None

    def call(self, method: str, peer: str, path: str, **options: Any) -> requests.Response:
        """Any call; raises PeerUnavailable unless the answer is a success."""
        if peer not in self._urls:
            raise PeerUnavailable(f"no address is configured for {peer}")
        headers = {
            "Authorization": f"Bearer {self._tokens.issue(peer)}",
            **options.pop("headers", {}),
        }
        url = self._urls[peer].rstrip("/") + path
        try:
            with calling(self._tracer, method, peer) as call:
                headers |= call.headers
                answer = self._session.request(
                    method, url, headers=headers, timeout=TIMEOUT_SECONDS, **options
                )
                call.status = answer.status_code
        except requests.RequestException as error:
            raise PeerUnavailable(f"{peer} does not answer") from error
        if not answer.ok:
            refusal = PeerUnavailable(f"{peer} answered {answer.status_code}")
            refusal.answered = answer.status_code
            raise refusal
        return answer


class PeersProvider(DependencyProvider):
    """Gives an entrypoint its service's peers."""

    def get_dependency(self, worker_ctx: object) -> Peers:
        """The service's peers."""
        peers: Peers = self.container.runtime.peers
        return peers
