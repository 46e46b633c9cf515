"""Services in this process, over the in-memory broker and real databases, for component tests."""

import base64
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import eventlet
import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from eventlet import wsgi
from jwt.algorithms import ECAlgorithm
from kombu.transport import memory
from requests.adapters import HTTPAdapter

from services.apphost import SERVICES
from services.chassis.auth import AUDIENCE, ISSUER
from services.chassis.runner import Runner
from services.chassis.service import Service
from services.chassis.servicetokens import (
    ServiceTokens,
    make_service_key,
    parse_service_key,
    public_part,
)
from services.chassis.topology import Topology
from services.cli.local.ports import free_port
from services.contracts.envelope import UnreadableEvent, decode
from tests.support.databases import Databases

# The portal has no key in a real system; here it stands for a service that no route names.
PRIVATE_KEYS = {name: make_service_key() for name in SERVICES}
SERVICE_KEYS = {
    "HUIXIN_SERVICE_KEYS": ",".join(
        f"{name}={public_part(key)}" for name, key in PRIVATE_KEYS.items()
    ),
    **{f"{name.upper()}_SERVICE_KEY": key for name, key in PRIVATE_KEYS.items()},
}
KEYRING = {"active": "k1", "keys": {"k1": base64.b64encode(b"k" * 32).decode()}}


def good_claims(*roles: str, person: UUID | None = None, unit: str = "wh/hc") -> dict[str, Any]:
    """What the token of a person with these roles says."""
    now = int(time.time())
    return {
        "sub": str(person or uuid4()),
        "roles": list(roles),
        "unit": unit,
        "aud": AUDIENCE,
        "iss": ISSUER,
        "iat": now,
        "exp": now + 900,
        "jti": str(uuid4()),
    }


class TokenIssuer:
    """Signs access tokens as accounts would, and serves the key they are checked with."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        listener = eventlet.listen(("127.0.0.1", 0))
        self.jwks_url = f"http://127.0.0.1:{listener.getsockname()[1]}/jwks.json"
        self._thread = eventlet.spawn(wsgi.server, listener, self._serve, log_output=False)

    def token(
        self, *roles: str, person: UUID | None = None, unit: str = "wh/hc", **claims: Any
    ) -> str:
        """A token of a person with these roles; `claims` replace what a good one says."""
        good = good_claims(*roles, person=person, unit=unit)
        return jwt.encode({**good, **claims}, self._key, "ES256", headers={"kid": "test"})

    def stop(self) -> None:
        """Serve no more."""
        self._thread.kill()

    def _serve(self, _environ: Any, start_response: Any) -> list[bytes]:
        key = ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        document = {"keys": [{**key, "kid": "test", "alg": "ES256", "use": "sig"}]}
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(document).encode()]


class Client:
    """Calls the services as one person (or nobody)."""

    def __init__(self, app: "App", token: str | None, person: UUID | None = None) -> None:
        self._app, self._token, self.person = app, token, person
        self._session = requests.Session()
        self._session.mount("http://", HTTPAdapter(pool_maxsize=256))

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Any call; the path says which service it is for."""
        headers = dict(options.pop("headers", {}))
        if self._token:
            headers.setdefault("Authorization", f"Bearer {self._token}")
        url = self._app.url_of(path)
        return self._session.request(method, url, headers=headers, timeout=120, **options)

    def get(self, path: str, **options: Any) -> requests.Response:
        """GET."""
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> requests.Response:
        """POST JSON."""
        return self.call("POST", path, json={} if body is None else body, **options)

    def put(self, path: str, body: Any, **options: Any) -> requests.Response:
        """PUT JSON."""
        return self.call("PUT", path, json=body, **options)

    def patch(self, path: str, body: Any, **options: Any) -> requests.Response:
        """PATCH JSON."""
        return self.call("PATCH", path, json=body, **options)

    def delete(self, path: str, **options: Any) -> requests.Response:
        """DELETE."""
        return self.call("DELETE", path, **options)


class App:
    """Running services with their addresses, databases, and people to call them as."""

    def __init__(self, runner: Runner, urls: dict[str, str], issuer: TokenIssuer) -> None:
        self.runner, self.urls, self.issuer = runner, urls, issuer

    def url_of(self, path: str, service: str | None = None) -> str:
        """The address of `/api/<service>/…`; other paths need the service's name."""
        parts = path.split("/")
        name = service or (parts[2] if path.startswith("/api/") else next(iter(self.urls)))
        return self.urls[name] + path

    def runtime(self, service: str) -> Any:
        """The runtime of one service: its database, settings, unit of work."""
        return self.runner.runtimes[service]

    def anybody(self) -> Client:
        """Somebody who is not signed in."""
        return Client(self, None)

    def person(self, *roles: str, person: UUID | None = None, unit: str = "wh/hc") -> Client:
        """A signed-in person with these roles."""
        known = person or uuid4()
        return Client(self, self.issuer.token(*roles, person=known, unit=unit), known)

    def service_call(self, method: str, service: str, path: str, **options: Any) -> Any:
        """Call an internal route with a service token: an event's sender, else reporting."""
        caller = options.pop("caller", None) or _sender(options.get("data"))
        headers = {"Authorization": f"Bearer {service_token(caller, service)}"}
        return requests.request(
            method, self.urls[service] + path, headers=headers, timeout=30, **options
        )


def service_token(caller: str, reader: str, private: str = "") -> str:
    """A token of one service for another, signed with its own key or another's."""
    key = parse_service_key(private or PRIVATE_KEYS[caller])
    return ServiceTokens(caller, key, {}).issue(reader)


def _sender(body: Any) -> str:
    try:
        return decode(body).data.sender()
    except (UnreadableEvent, TypeError):
        return "reporting"


@contextmanager
def running(
    databases: Databases, services: Sequence[Any], *, amqp: str = "memory://", **environ: str
) -> Iterator[App]:
    """Run these service classes in this process until the block ends.

    `environ` adds settings. Everything speaks real HTTP and real PostgreSQL; the broker is
    kombu's in-memory one unless `amqp` is the address of a real one.
    """
    memory.Channel.queues.clear()
    memory.Transport.global_state.clear()
    issuer = TokenIssuer()
    urls = {each.name: f"http://127.0.0.1:{free_port(0)}" for each in services}
    settings = {
        "HUIXIN_AMQP_URL": amqp,
        "HUIXIN_JWKS_URL": issuer.jwks_url,
        **SERVICE_KEYS,
        "HUIXIN_KEYRING": json.dumps(KEYRING),
        "HUIXIN_EMBEDDED": "true",
        "HUIXIN_GRACE_SECONDS": "5",
        "HUIXIN_LOG_LEVEL": "warning",
        "HUIXIN_PEERS": ",".join(f"{name}={url}" for name, url in urls.items()),
    }
    for each in services:
        settings[f"{each.name.upper()}_PORT"] = urls[each.name].rsplit(":", 1)[1]
        database = f"{each.name.upper()}_DATABASE_URL"
        if issubclass(each, Service) and database not in environ:
            settings[database] = databases.database(each.name)
    Topology().apply(amqp)
    runner = Runner(services, {**settings, **environ})
    runner.start()
    try:
        yield App(runner, urls, issuer)
    finally:
        runner.stop()
        issuer.stop()


def eventually(probe: Callable[[], Any], *, within: float = 10.0, what: str = "") -> Any:
    """The probe's first true answer; fails with its last one when time is up."""
    ends = time.monotonic() + within
    while True:
        found = probe()
        if found:
            return found
        if time.monotonic() > ends:
            raise AssertionError(f"not within {within} s: {what or probe!r}; last: {found!r}")
        eventlet.sleep(0.02)
