"""Every pod is closed, watched, limited, spread, and ends in order."""

from decimal import Decimal

import pytest

from services.apphost import KEEPERS, SERVICES
from tests.deployment.overlays import Document, Overlay, containers, service_container

CRISIS = ("booking", "notification", "assessment")
MEASURED_MEGABYTES = 106  # ARCHITECTURE.md, row `memory`: the most a service had after work
UNITS = {"Mi": 1024**2, "Gi": 1024**3, "m": Decimal("0.001"), "": 1}


def quantity(text: str) -> Decimal:
    number = text.rstrip("MGim")
    return Decimal(number) * UNITS[text.removeprefix(number)]


def test_every_service_has_a_deployment(overlay: Overlay) -> None:
    assert overlay.names("Deployment") - {"mailbox"} == set(SERVICES)


def test_no_pod_can_do_more_than_its_work(overlay: Overlay) -> None:
    for name, template in overlay.pods():
        spec = template["spec"]
        assert spec["automountServiceAccountToken"] is False, name
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        assert spec["securityContext"]["runAsUser"] == 10001, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert {"hostNetwork", "hostPID", "hostIPC"}.isdisjoint(spec), name
        for container in containers(template):
            closed = container["securityContext"]
            assert closed["allowPrivilegeEscalation"] is False, name
            assert closed["readOnlyRootFilesystem"] is True, name
            assert closed["capabilities"] == {"drop": ["ALL"]}, name


def test_what_a_pod_may_write_has_an_end(overlay: Overlay) -> None:
    for name, template in overlay.pods():
        for volume in template["spec"]["volumes"]:
            assert set(volume) - {"name"} in ({"emptyDir"}, {"secret"}, {"projected"}), name
            if "emptyDir" in volume:
                assert "sizeLimit" in volume["emptyDir"], name


def test_the_namespace_takes_no_pod_that_is_open(overlay: Overlay) -> None:
    labels = overlay.one("Namespace", "huixin")["metadata"]["labels"]

    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"


def test_requests_and_limits_follow_what_was_measured(overlay: Overlay) -> None:
    for name, template in overlay.pods():
        for container in containers(template):
            requests, limits = (container["resources"][each] for each in ("requests", "limits"))
            assert quantity(limits["cpu"]) <= 1, f"{name}: one process uses one core"
            assert quantity(requests["cpu"]) <= quantity(limits["cpu"]), name
            assert quantity(requests["memory"]) <= quantity(limits["memory"]), name
    for service in SERVICES:
        resources = service_container(overlay, service)["resources"]
        assert quantity(resources["requests"]["memory"]) > MEASURED_MEGABYTES * 10**6
        assert quantity(resources["limits"]["memory"]) >= 2 * MEASURED_MEGABYTES * 10**6


@pytest.mark.parametrize("service", SERVICES)
def test_probes_ask_what_they_should(overlay: Overlay, service: str) -> None:
    container = service_container(overlay, service)
    asked = {each: container[f"{each}Probe"] for each in ("startup", "liveness", "readiness")}

    assert {each: probe["httpGet"]["path"] for each, probe in asked.items()} == {
        "startup": "/health/live",
        "liveness": "/health/live",
        "readiness": "/health/ready",
    }
    assert all(probe["httpGet"]["port"] == "http" for probe in asked.values())
    started = asked["startup"]
    assert started["periodSeconds"] * started["failureThreshold"] >= 60


@pytest.mark.parametrize("service", SERVICES)
def test_ports_are_the_services_own(overlay: Overlay, service: str) -> None:
    port = SERVICES[service].port
    container = service_container(overlay, service)
    environment = {each["name"]: each["value"] for each in container["env"]}

    assert container["ports"] == [{"name": "http", "containerPort": port}]
    assert environment[f"{service.upper()}_PORT"] == str(port)
    assert overlay.one("Service", service)["spec"]["ports"] == [
        {"name": "http", "port": port, "targetPort": "http"}
    ]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_ends_what_it_began(overlay: Overlay, service: str) -> None:
    spec = overlay.one("Deployment", service)["spec"]["template"]["spec"]
    pause = service_container(overlay, service)["lifecycle"]["preStop"]["exec"]["command"]
    grace = float(overlay.settings()["HUIXIN_GRACE_SECONDS"])

    assert pause[0] == "sleep"
    assert spec["terminationGracePeriodSeconds"] > grace + float(pause[1]) + 5


@pytest.mark.parametrize("service", SERVICES)
def test_a_rollout_takes_no_pod_away_before_a_new_one_serves(
    overlay: Overlay, service: str
) -> None:
    spec = overlay.one("Deployment", service)["spec"]

    assert spec["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    # The wait for a schema, the start, and some more.
    assert spec["progressDeadlineSeconds"] >= 600 + 120


@pytest.mark.parametrize("service", SERVICES)
def test_pods_of_a_service_lie_on_different_machines(overlay: Overlay, service: str) -> None:
    template = overlay.one("Deployment", service)["spec"]["template"]
    host, zone = template["spec"]["topologySpreadConstraints"]

    assert host["topologyKey"] == "kubernetes.io/hostname"
    assert (host["whenUnsatisfiable"], host["nodeTaintsPolicy"]) == ("DoNotSchedule", "Honor")
    assert zone["topologyKey"] == "topology.kubernetes.io/zone"
    for spread in (host, zone):
        assert (
            spread["labelSelector"]["matchLabels"].items() <= template["metadata"]["labels"].items()
        )
        assert "app.kubernetes.io/name" in spread["matchLabelKeys"]


@pytest.mark.parametrize("service", SERVICES)
def test_maintenance_takes_one_pod_at_a_time(overlay: Overlay, service: str) -> None:
    budget = overlay.one("PodDisruptionBudget", service)["spec"]
    template = overlay.one("Deployment", service)["spec"]["template"]

    assert budget["maxUnavailable"] == 1
    assert budget["selector"]["matchLabels"].items() <= template["metadata"]["labels"].items()


@pytest.mark.parametrize("service", CRISIS)
def test_what_a_crisis_goes_through_never_stands_on_one_pod(service: str, city: Overlay) -> None:
    from tests.deployment.overlays import built

    assert built("local").one("Deployment", service)["spec"]["replicas"] >= 2
    assert city.one("ScaledObject", service)["spec"]["minReplicaCount"] >= 3


@pytest.mark.parametrize("service", sorted(set(SERVICES) - {"reporting"}))
def test_what_a_crisis_goes_through_comes_first(overlay: Overlay, service: str) -> None:
    spec = overlay.one("Deployment", service)["spec"]["template"]["spec"]

    assert overlay.one("PriorityClass", spec["priorityClassName"])["value"] > 0


@pytest.mark.parametrize("service", KEEPERS)
def test_new_code_waits_for_its_schema(overlay: Overlay, service: str) -> None:
    spec: Document = overlay.one("Deployment", service)["spec"]["template"]["spec"]
    (wait,) = spec["initContainers"]

    assert wait["args"][:2] == ["migrate", "--check"]
    assert wait["args"][-1] == service
    assert wait["image"] == spec["containers"][0]["image"]


def test_every_selector_finds_the_pods_it_is_for(overlay: Overlay) -> None:
    labels = [template["metadata"]["labels"] for _, template in overlay.pods()]
    # The operator names the broker's pods after the cluster.
    labels += [{"app.kubernetes.io/name": each} for each in overlay.names("RabbitmqCluster")]
    for service in overlay.all("Service"):
        selector = service["spec"]["selector"].items()
        assert any(selector <= each.items() for each in labels), service["metadata"]["name"]
    for deployment in overlay.all("Deployment"):
        selector = deployment["spec"]["selector"]["matchLabels"].items()
        own = deployment["spec"]["template"]["metadata"]["labels"]
        assert selector <= own.items()
        assert sum(selector <= each.items() for each in labels) == 1
