"""The secrets of a Kubernetes cluster: which there are and what each holds.

Names and keys are those of k8s/components: a city keeps them in its store, an entry for each; on a
machine of one's own they are applied as they are.
"""

import json
from collections.abc import Mapping
from typing import Any

from services.apphost import KEEPERS
from services.cli.local.brokerusers import WITHOUT_DELIVERY_LIMIT, definitions
from services.cli.local.certificates import Certificate, issue, make_authority
from services.cli.local.environment import database_name, make_keyring, service_keys
from services.cli.local.secretfile import SecretFile

NAMESPACE = "huixin"
ADMIN, WATCHER = "huixin-admin", "keda"
AUTHORITIES = "/run/authorities"
BROKER_NAMES = (
    "rabbitmq",
    f"rabbitmq.{NAMESPACE}",
    f"rabbitmq.{NAMESPACE}.svc",
    f"rabbitmq.{NAMESPACE}.svc.cluster.local",
    f"*.rabbitmq-nodes.{NAMESPACE}",
    f"*.rabbitmq-nodes.{NAMESPACE}.svc.cluster.local",
)
KINDS = {
    frozenset({"tls.crt", "tls.key"}): "kubernetes.io/tls",
    frozenset({"username", "password"}): "kubernetes.io/basic-auth",
}

Contents = dict[str, dict[str, str]]


def cluster_secrets(
    secrets: SecretFile, extras: Mapping[str, Mapping[str, str]], host: str
) -> Contents:
    """What each secret holds, by its name; what was made before stays. `extras` are by service,
    `host` is the portal's.
    """
    services = {name: {**_of(name, secrets), **extras.get(name, {})} for name in KEEPERS}
    services["portal"] = {"keyring": secrets.get("PORTAL_KEYRING", make_keyring)}
    return {
        **{f"{name}-secrets": each for name, each in services.items()},
        **{f"{name}-db-owner": _owner(name, secrets) for name in KEEPERS},
        **_broker(secrets),
        **_certificates(secrets, host),
    }


def manifest(contents: Contents) -> dict[str, Any]:
    """All of them as one document for `kubectl apply -f`."""
    items = [
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "type": KINDS.get(frozenset(each), "Opaque"),
            "metadata": {"name": name, "namespace": NAMESPACE},
            "stringData": each,
        }
        for name, each in sorted(contents.items())
    ]
    return {"apiVersion": "v1", "kind": "List", "items": items}


def _of(service: str, secrets: SecretFile) -> dict[str, str]:
    keys = service_keys(secrets)
    owner = _owner(service, secrets)
    user, host = f"{owner['username']}:{owner['password']}", f"{service}-db-rw:5432"
    proof = f"sslmode=verify-full&sslrootcert={AUTHORITIES}/postgres.crt"
    return {
        "service_keys": keys["HUIXIN_SERVICE_KEYS"],
        "service_key": keys[f"{service.upper()}_SERVICE_KEY"],
        "database_url": f"postgresql+psycopg2://{user}@{host}/{owner['username']}?{proof}",
        "amqp_url": _broker_url(service, _password(service, secrets)),
        "keyring": secrets.get(f"{service.upper()}_KEYRING", make_keyring),
    }


def _owner(service: str, secrets: SecretFile) -> dict[str, str]:
    password = secrets.get(f"{service.upper()}_DATABASE_PASSWORD")
    return {"username": database_name(service), "password": password}


def _broker(secrets: SecretFile) -> Contents:
    admin = (ADMIN, secrets.get("RABBITMQ_ADMIN_PASSWORD"))
    watcher = secrets.get("RABBITMQ_WATCHER_PASSWORD")
    passwords = {name: _password(name, secrets) for name in KEEPERS}
    known = definitions(admin, passwords, {WATCHER: watcher})
    known["policies"] = [WITHOUT_DELIVERY_LIMIT]
    host = f"https://{WATCHER}:{watcher}@rabbitmq.{NAMESPACE}.svc:15671/"
    return {
        "rabbitmq-definitions": {"definitions.json": json.dumps(known)},
        "topology-secrets": {"broker_admin_url": _broker_url(*admin)},
        "keda-secrets": {"host": host, "tls": "enable"},
    }


def _password(service: str, secrets: SecretFile) -> str:
    return secrets.get(f"{service.upper()}_AMQP_PASSWORD")


def _broker_url(user: str, password: str) -> str:
    return f"amqps://{user}:{password}@rabbitmq:5671//?cacertfile={AUTHORITIES}/rabbitmq.crt"


def _certificates(secrets: SecretFile, host: str) -> Contents:
    authority = _kept(secrets, "AUTHORITY", lambda: make_authority("Huixin"))
    broker = _kept(secrets, "RABBITMQ", lambda: issue(authority, BROKER_NAMES))
    edge = _kept(secrets, "EDGE", lambda: issue(authority, [host]))
    return {
        "rabbitmq-ca": {"ca.crt": authority.certificate},
        "rabbitmq-tls": {"tls.crt": broker.certificate, "tls.key": broker.key},
        "huixin-tls": {"tls.crt": edge.certificate, "tls.key": edge.key},
    }


def _kept(secrets: SecretFile, name: str, make: Any) -> Certificate:
    """One line each: a file of `NAME=value` takes no line breaks."""

    def made() -> str:
        fresh: Certificate = make()
        return json.dumps([fresh.certificate, fresh.key])

    certificate, key = json.loads(secrets.get(f"{name}_CERTIFICATE", made))
    return Certificate(certificate, key)
