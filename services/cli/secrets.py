"""Make the secrets a system of containers needs, one file each; what is there already stays.

With --kubernetes: one file of Secrets for `kubectl apply`, and one of JSON for each, for a store.
"""

import argparse
import json
from pathlib import Path

from services.apphost import KEEPERS, SERVICES
from services.cli.errors import CommandFailed
from services.cli.local.brokerusers import WITHOUT_DELIVERY_LIMIT, definitions
from services.cli.local.clustersecrets import cluster_secrets, manifest
from services.cli.local.environment import database_name, make_keyring, service_keys
from services.cli.local.policies import CARE, CRISIS, policy_settings
from services.cli.local.secretfile import SecretFile

ADMIN = "huixin-admin"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where they go, and how the containers reach each other."""
    parser.add_argument("folder", type=Path, help="e.g. deploy/secrets")
    parser.add_argument("--postgres", default="postgres:5432", help="host and port of PostgreSQL")
    parser.add_argument("--rabbitmq", default="rabbitmq:5672", help="host and port of RabbitMQ")
    cluster = parser.add_argument_group("for a cluster, in place of the files for compose")
    cluster.add_argument("--kubernetes", action="store_true", help="see k8s/README.md")
    cluster.add_argument("--host", default="huixin.localhost", help="the portal's host name")
    cluster.add_argument("--smtp-url", default="smtp://mailbox:1025?starttls=off")
    cluster.add_argument("--fallback-contacts", default="duty-fallback@huixin.localhost")
    parser.add_argument("--signed-by", metavar="NAME", help="the clinical lead who signs policies")


def run(arguments: argparse.Namespace) -> int:
    """Write every file; running it again changes none."""
    folder = arguments.folder.resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise CommandFailed(f"{folder} cannot be written: {error.strerror}.") from None
    policies = policy_settings(folder, arguments.signed_by)
    secrets = SecretFile(folder / "secrets.env")
    if arguments.kubernetes:
        return _for_cluster(folder, secrets, policies, arguments)
    files = {
        "grafana_admin_password": secrets.get("GRAFANA_ADMIN_PASSWORD"),
        **_databases(secrets, arguments.postgres),
        **_broker(secrets, arguments.rabbitmq),
        **{
            name.removeprefix("HUIXIN_").lower(): key for name, key in service_keys(secrets).items()
        },
        **{
            f"{name}_keyring": secrets.get(f"{name.upper()}_KEYRING", make_keyring)
            for name in SERVICES
        },
    }
    for name, content in files.items():
        path = folder / name
        if not path.exists():
            path.write_text(content + "\n")
        # The folder is closed to others; the containers' own users must read the single files.
        path.chmod(0o444)
    print(f"{len(files)} files in {folder}. Keep a copy of it: without the key rings no sealed "
          "record can be opened again.")  # fmt: skip
    return 0


def _for_cluster(
    folder: Path, secrets: SecretFile, policies: dict[str, str], arguments: argparse.Namespace
) -> int:
    extras = {
        "assessment": {"care-policy.json": Path(policies[CARE]).read_text()},
        "booking": {"crisis-policy.json": Path(policies[CRISIS]).read_text()},
        "notification": {
            "smtp_url": arguments.smtp_url,
            "fallback_contacts": arguments.fallback_contacts,
        },
    }
    contents = cluster_secrets(secrets, extras, arguments.host)
    files = {"kubernetes.json": manifest(contents), **{f"{n}.json": c for n, c in contents.items()}}
    for name, document in files.items():
        path = folder / name
        path.touch(mode=0o600)
        path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    print(f"{len(contents)} secrets in {folder}/kubernetes.json, and in a file each. Keep a copy: "
          "without the key rings no sealed record can be opened again.")  # fmt: skip
    return 0


def _databases(secrets: SecretFile, host: str) -> dict[str, str]:
    files = {"postgres_admin_password": secrets.get("POSTGRES_ADMIN_PASSWORD")}
    statements = []
    for service in KEEPERS:
        name, password = database_name(service), secrets.get(f"{service.upper()}_DATABASE_PASSWORD")
        files[f"{service}_database_url"] = f"postgresql+psycopg2://{name}:{password}@{host}/{name}"
        statements += [
            f"CREATE ROLE {name} LOGIN PASSWORD '{password}';",
            f"CREATE DATABASE {name} OWNER {name};",
            f"REVOKE ALL ON DATABASE {name} FROM PUBLIC;",
        ]
    return {**files, "postgres_roles.sql": "\n".join(statements)}


def _broker(secrets: SecretFile, host: str) -> dict[str, str]:
    passwords = {name: secrets.get(f"{name.upper()}_AMQP_PASSWORD") for name in KEEPERS}
    admin = (ADMIN, secrets.get("RABBITMQ_ADMIN_PASSWORD"))
    known = {**definitions(admin, passwords), "policies": [WITHOUT_DELIVERY_LIMIT]}
    return {
        "rabbitmq_definitions.json": json.dumps(known),
        "broker_admin_url": f"amqp://{admin[0]}:{admin[1]}@{host}//",
        **{f"{name}_amqp_url": f"amqp://{name}:{passwords[name]}@{host}//" for name in KEEPERS},
    }
