"""Make the secrets a system of containers needs, one file each; what is there already stays."""

import argparse
import json
from pathlib import Path

from services.apphost import KEEPERS, SERVICES
from services.cli.errors import CommandFailed
from services.cli.local.brokerusers import WITHOUT_DELIVERY_LIMIT, definitions
from services.cli.local.environment import database_name, make_keyring, service_keys
from services.cli.local.policies import policy_settings
from services.cli.local.secretfile import SecretFile

ADMIN = "huixin-admin"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where they go, and how the containers reach each other."""
    parser.add_argument("folder", type=Path, help="e.g. deploy/secrets")
    parser.add_argument("--postgres", default="postgres:5432", help="host and port of PostgreSQL")
    parser.add_argument("--rabbitmq", default="rabbitmq:5672", help="host and port of RabbitMQ")
    parser.add_argument("--signed-by", metavar="NAME", help="the clinical lead who signs policies")


def run(arguments: argparse.Namespace) -> int:
    """Write every file; running it again changes none."""
    folder = arguments.folder.resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise CommandFailed(f"{folder} cannot be written: {error.strerror}.") from None
    policy_settings(folder, arguments.signed_by)
    secrets = SecretFile(folder / "secrets.env")
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
