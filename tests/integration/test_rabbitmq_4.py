"""Nothing of a running city rests on what RabbitMQ 4 took away, or is about to."""

from services.chassis.topology import Topology
from services.contracts import public
from tests.support.apps import eventually
from tests.support.city import CRITICAL, City, answer_phq9, open_offer


def a_city_that_worked(city: City) -> City:
    """Offers, a crisis and mails: every lane and queue was written and read."""
    worker = city.as_person("worker102")
    assert answer_phq9(worker).status == 201
    open_offer(worker)
    assert answer_phq9(city.as_person("worker103"), CRITICAL).status == 201
    eventually(city.settled, within=30, what="nothing waits")
    return city


def test_every_queue_is_a_durable_quorum_queue_of_the_topology(whole_city: City) -> None:
    """So none is mirrored, transient or the framework's own (replies, broadcast, events)."""
    queues = a_city_that_worked(whole_city).broker.admin.rows(
        "list_queues", "name", "type", "durable", "exclusive", "auto_delete"
    )

    subscribers = {each["name"] for each in queues if each["name"].startswith(public.queue_of(""))}
    names = {each["name"] for each in queues}
    assert names - subscribers == {each.name for each in Topology().queues()}
    for each in queues:
        assert each["type"].endswith("quorum"), each
        assert (each["durable"], bool(each["exclusive"]), each["auto_delete"]) == (
            True,
            False,
            False,
        )


def test_no_policy_mirrors_anything(whole_city: City) -> None:
    policies = whole_city.broker.admin.rows("list_policies")

    assert [each for each in policies if "ha-mode" in str(each["definition"])] == []


def test_every_channel_that_reads_has_a_prefetch_of_its_own_and_none_a_global_one(
    whole_city: City,
) -> None:
    channels = a_city_that_worked(whole_city).broker.admin.rows(
        "list_channels", "name", "consumer_count", "prefetch_count", "global_prefetch_count"
    )

    assert [each for each in channels if each["global_prefetch_count"]] == []
    reading = [each for each in channels if each["consumer_count"]]
    assert reading
    consumers = whole_city.broker.admin.rows("list_consumers", "queue_name", "prefetch_count")
    assert all(each["prefetch_count"] > 0 for each in consumers)
    assert {each["queue_name"] for each in consumers} == {
        each.queue for each in Topology().subscriptions
    }
