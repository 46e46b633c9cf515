"""Broker, databases, backups, watching and the jobs before a rollout."""

import re

import pytest

from services.apphost import KEEPERS, SERVICES
from services.cli.local.brokerusers import WITHOUT_DELIVERY_LIMIT
from services.cli.local.clustersecrets import Contents
from tests.deployment.overlays import Overlay, containers


def configuration(overlay: Overlay) -> dict[str, str]:
    text = overlay.one("RabbitmqCluster", "rabbitmq")["spec"]["rabbitmq"]["additionalConfig"]
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {name.strip(): value.strip() for name, value in (line.split("=", 1) for line in lines)}


def test_the_broker_speaks_encrypted_or_not_at_all(overlay: Overlay) -> None:
    tls = overlay.one("RabbitmqCluster", "rabbitmq")["spec"]["tls"]

    assert tls == {"secretName": "rabbitmq-tls", "disableNonTLSListeners": True}


def test_the_broker_refuses_what_rabbitmq_gives_up(overlay: Overlay) -> None:
    said = configuration(overlay)

    assert said["deprecated_features.permit.transient_nonexcl_queues"] == "false"
    assert said["deprecated_features.permit.global_qos"] == "false"


def test_users_and_policies_come_with_the_broker(overlay: Overlay, made: Contents) -> None:
    spec = overlay.one("RabbitmqCluster", "rabbitmq")["spec"]["override"]["statefulSet"]["spec"]
    pod = spec["template"]["spec"]
    (volume,) = pod["volumes"]
    (mount,) = pod["containers"][0]["volumeMounts"]
    definitions = made[volume["secret"]["secretName"]]["definitions.json"]

    assert configuration(overlay)["load_definitions"] == f"{mount['mountPath']}/definitions.json"
    assert f'"name": "{WITHOUT_DELIVERY_LIMIT["name"]}"' in definitions
    assert '"delivery-limit": -1' in definitions


def test_a_majority_of_the_broker_outlives_a_machine(city: Overlay) -> None:
    spec = city.one("RabbitmqCluster", "rabbitmq")["spec"]
    pod = spec["override"]["statefulSet"]["spec"]["template"]["spec"]

    assert spec["replicas"] == 3
    assert pod["topologySpreadConstraints"][0]["whenUnsatisfiable"] == "DoNotSchedule"
    assert city.one("PodDisruptionBudget", "rabbitmq")["spec"]["maxUnavailable"] == 1


@pytest.mark.parametrize("service", KEEPERS)
def test_each_service_owns_a_database(overlay: Overlay, service: str, made: Contents) -> None:
    spec = overlay.one("Cluster", f"{service}-db")["spec"]
    first = spec["bootstrap"]["initdb"]

    assert first["owner"] == made[first["secret"]["name"]]["username"] == first["database"]
    assert spec["enableSuperuserAccess"] is False
    assert spec["postgresql"]["pg_hba"] == ["hostnossl all all all reject"]


@pytest.mark.parametrize("service", KEEPERS)
def test_a_commit_is_on_two_machines_before_it_is_answered(city: Overlay, service: str) -> None:
    spec = city.one("Cluster", f"{service}-db")["spec"]

    assert spec["instances"] == 3
    assert spec["affinity"]["podAntiAffinityType"] == "required"
    assert spec["postgresql"]["synchronous"] == {
        "method": "any",
        "number": 1,
        "dataDurability": "required",
    }


@pytest.mark.parametrize("service", KEEPERS)
def test_every_database_is_backed_up_every_night_and_all_along(city: Overlay, service: str) -> None:
    backup = city.one("Cluster", f"{service}-db")["spec"]["backup"]
    nightly = city.one("ScheduledBackup", f"{service}-db")["spec"]

    assert backup["retentionPolicy"] == "30d"
    assert backup["barmanObjectStore"]["wal"]["encryption"] == "AES256"
    assert nightly["cluster"] == {"name": f"{service}-db"}
    assert re.fullmatch(r"0 \d+ \d+ \* \* \*", nightly["schedule"])


def test_backups_do_not_all_begin_at_once(city: Overlay) -> None:
    begun = [each["spec"]["schedule"] for each in city.all("ScheduledBackup")]

    assert len(set(begun)) == len(begun) == len(KEEPERS)


def test_what_is_scraped_names_itself(city: Overlay) -> None:
    """The services' own label `service` must not become `exported_service`."""
    (monitor,) = city.all("ServiceMonitor")
    selector = monitor["spec"]["selector"]["matchLabels"].items()
    (endpoint,) = monitor["spec"]["endpoints"]

    assert (endpoint["port"], endpoint["path"], endpoint["honorLabels"]) == (
        "http",
        "/metrics",
        True,
    )
    for service in SERVICES:
        assert selector <= city.one("Service", service)["metadata"]["labels"].items()


def test_jobs_and_images_carry_the_version_of_the_release(overlay: Overlay) -> None:
    (release,) = [e for e in overlay.all("ConfigMap") if "version" in e["data"]]
    version = release["data"]["version"]
    jobs = overlay.names("Job")

    assert jobs == {f"{each}-migrate-{version}" for each in KEEPERS} | {
        f"rabbitmq-topology-{version}"
    }
    for name, template in overlay.pods():
        for container in containers(template):
            repository, _, tag = container["image"].rpartition(":")
            assert tag == version, f"{name}: {container['image']}"
            assert repository.rsplit("/", 1)[-1].startswith("huixin-"), name
    for service in SERVICES:
        labels = overlay.one("Deployment", service)["metadata"]["labels"]
        assert labels["app.kubernetes.io/version"] == version


def test_each_pod_runs_its_services_own_image(overlay: Overlay) -> None:
    for service in SERVICES:
        (container,) = overlay.one("Deployment", service)["spec"]["template"]["spec"]["containers"]
        assert f"huixin-{service}:" in container["image"]
