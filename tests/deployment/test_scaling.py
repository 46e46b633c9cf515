"""Readers grow with their queues, pages with their load; a deployment has one autoscaler."""

from services.apphost import KEEPERS, SERVICES
from services.contracts.subscriptions import Lane, subscriptions_of
from tests.deployment.overlays import Document, Overlay


def queue_triggers(scaled: Document) -> dict[str, Document]:
    return {
        each["metadata"]["queueName"]: each
        for each in scaled["spec"]["triggers"]
        if each["type"] == "rabbitmq"
    }


def test_every_deployment_has_one_autoscaler(city: Overlay) -> None:
    by_load = [e["spec"]["scaleTargetRef"]["name"] for e in city.all("HorizontalPodAutoscaler")]
    by_queue = [e["spec"]["scaleTargetRef"]["name"] for e in city.all("ScaledObject")]

    assert sorted(by_load + by_queue) == sorted(SERVICES)


def test_an_apply_takes_no_replica_away_from_an_autoscaler(city: Overlay) -> None:
    assert not any("replicas" in each["spec"] for each in city.all("Deployment"))


def test_readers_are_scaled_by_exactly_the_queues_they_read(city: Overlay) -> None:
    for service in KEEPERS:
        read = {each.queue: each for each in subscriptions_of(service)}
        if not read:
            continue
        triggers = queue_triggers(city.one("ScaledObject", service))
        assert set(triggers) == set(read)
        for queue, trigger in triggers.items():
            said = trigger["metadata"]
            assert (said["mode"], said["vhostName"]) == ("QueueLength", "/")
            assert city.one("TriggerAuthentication", trigger["authenticationRef"]["name"])
            if read[queue].lane is Lane.CRISIS:
                assert float(said["value"]) <= 10


def test_readers_are_scaled_by_load_as_well(city: Overlay) -> None:
    for scaled in city.all("ScaledObject"):
        cpu = [each for each in scaled["spec"]["triggers"] if each["type"] == "cpu"]
        assert [each["metricType"] for each in cpu] == ["AverageValue"]


def test_nothing_scales_to_one_or_none(city: Overlay) -> None:
    for scaled in city.all("ScaledObject"):
        assert scaled["spec"]["minReplicaCount"] >= 2
        assert "idleReplicaCount" not in scaled["spec"]
    for scaled in city.all("HorizontalPodAutoscaler"):
        assert scaled["spec"]["minReplicas"] >= 3


def test_as_many_pods_as_there_may_be_find_a_connection_each(city: Overlay) -> None:
    """The pool and its overflow, for every replica and one more while a rollout goes on."""
    pools = city.settings()
    for service in KEEPERS:
        pool = int(pools[f"{service.upper()}_DATABASE_POOL"])
        database = city.one("Cluster", f"{service}-db")["spec"]["postgresql"]["parameters"]
        spare = 20  # migrations, the operator, whoever looks
        assert (most(city, service) + 1) * 2 * pool + spare <= int(database["max_connections"])


def most(city: Overlay, service: str) -> int:
    for each in city.all("HorizontalPodAutoscaler", "ScaledObject"):
        if each["spec"]["scaleTargetRef"]["name"] == service:
            spec = each["spec"]
            return int(spec.get("maxReplicas") or spec["maxReplicaCount"])
    raise AssertionError(f"nothing scales {service}")
