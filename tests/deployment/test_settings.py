"""Each pod starts with complete settings: nothing missing, nothing no service reads."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from services.apphost import KEEPERS, SERVICES
from services.cli.local.clustersecrets import Contents
from tests.deployment.overlays import Overlay, containers, mounted_secrets, service_container

SECRETS = "/run/secrets/huixin/"


def environment(overlay: Overlay, service: str, made: Contents, folder: Path) -> dict[str, str]:
    """What the container sees, its secrets' files put into `folder`."""
    for key, content in made[f"{service}-secrets"].items():
        (folder / key).write_text(content)
    own = {each["name"]: each["value"] for each in service_container(overlay, service)["env"]}
    return {**overlay.settings(), **own} | {
        name: value.replace(SECRETS, f"{folder}/")
        for name, value in own.items()
        if value.startswith(SECRETS)
    }


def variables(service: str) -> set[str]:
    """Every variable the service's settings read."""
    fields = dataclasses.fields(SERVICES[service].load().settings)
    names = {name for field in fields for name in field.metadata.get("variables", ())}
    return {name.format(SERVICE=service.upper()) for name in names}


@pytest.mark.parametrize("service", SERVICES)
def test_each_pod_starts_with_complete_settings(
    overlay: Overlay, made: Contents, tmp_path: Path, service: str
) -> None:
    settings: Any = SERVICES[service].load().settings

    loaded = settings.load(service, environment(overlay, service, made, tmp_path))

    assert loaded.http_port == SERVICES[service].port
    assert loaded.bind_host == "0.0.0.0"  # noqa: S104  # compared, not bound
    assert set(loaded.peers) == set(KEEPERS)
    assert loaded.jwks_url.startswith(loaded.peers["accounts"] + "/")
    assert not loaded.embedded


def test_peers_are_the_services_of_the_overlay(overlay: Overlay) -> None:
    peers = dict(each.split("=", 1) for each in overlay.settings()["HUIXIN_PEERS"].split(","))

    assert peers == {name: f"http://{name}:{SERVICES[name].port}" for name in KEEPERS}
    assert set(peers) <= overlay.names("Service")


def test_no_variable_is_given_that_nobody_reads(overlay: Overlay) -> None:
    everybody = set().union(*(variables(each) for each in SERVICES))
    assert set(overlay.settings()) <= everybody
    for service in SERVICES:
        given = {each["name"] for each in service_container(overlay, service)["env"]}
        assert {each.removesuffix("_FILE") for each in given} <= variables(service)


def test_every_secret_that_is_read_is_made_and_none_besides(
    overlay: Overlay, made: Contents
) -> None:
    operators = {f"{each}-db-ca" for each in KEEPERS}  # made by the database's operator
    for name, template in overlay.pods():
        for path, (secret, key) in mounted_secrets(template).items():
            assert secret in operators or key == "*" or key in made[secret], f"{name}: {path}"
            assert secret in operators or secret in made, f"{name}: {path}"


def test_every_path_in_a_setting_is_a_file_of_the_pod(overlay: Overlay, made: Contents) -> None:
    for name, template in overlay.pods():
        files = set()
        for path, (secret, key) in mounted_secrets(template).items():
            folder = path.rsplit("/", 1)[0]
            files |= {f"{folder}/{each}" for each in made[secret]} if key == "*" else {path}
        for container in containers(template):
            for each in container.get("env", ()):
                if each["value"].startswith("/run/"):
                    assert each["value"] in files, f"{name}: {each['name']}"


def test_nobody_reads_another_services_secrets(overlay: Overlay) -> None:
    for name, template in overlay.pods():
        owner = name.split("/")[1].removesuffix("-0.1.0").removesuffix("-migrate")
        read = {secret for secret, _ in mounted_secrets(template).values()}
        others = tuple(f"{each}-" for each in SERVICES if each != owner)
        assert [each for each in read if each.startswith(others)] == [], name


def test_a_migration_sees_its_database_and_nothing_else(overlay: Overlay) -> None:
    for service in KEEPERS:
        template = overlay.one("Job", f"{service}-migrate-0.1.0")["spec"]["template"]
        assert set(mounted_secrets(template).values()) == {
            (f"{service}-secrets", "database_url"),
            (f"{service}-db-ca", "ca.crt"),
        }


def test_databases_and_broker_have_to_prove_who_they_are(made: Contents) -> None:
    for service in KEEPERS:
        secrets = made[f"{service}-secrets"]
        assert (
            f"@{service}-db-rw:5432/huixin_{service}?sslmode=verify-full&"
            in (secrets["database_url"])
        )
        assert secrets["database_url"].endswith("sslrootcert=/run/authorities/postgres.crt")
        assert secrets["amqp_url"].startswith(f"amqps://{service}:")
        assert secrets["amqp_url"].endswith("cacertfile=/run/authorities/rabbitmq.crt")


def test_external_secrets_are_those_the_command_makes(city: Overlay, made: Contents) -> None:
    """So that whoever fills the store fills it from the command's files, entry by entry."""
    wanted = {
        each["metadata"]["name"]: {item["secretKey"] for item in each["spec"]["data"]}
        for each in city.all("ExternalSecret")
    }
    of_the_city_alone = {"backup-store": {"access_key_id", "secret_access_key"}}

    assert wanted == {name: set(each) for name, each in made.items()} | of_the_city_alone
    for each in city.all("ExternalSecret"):
        name = each["metadata"]["name"]
        assert each["spec"]["target"]["name"] == name
        for item in each["spec"]["data"]:
            assert item["remoteRef"] == {"key": f"huixin/{name}", "property": item["secretKey"]}


def test_no_overlay_holds_a_secret(overlay: Overlay) -> None:
    assert overlay.all("Secret") == []
