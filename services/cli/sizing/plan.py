"""From rates to machines: processes, database cores, broker, disk, partitions and money."""

import math
from dataclasses import dataclass

from services.cli.sizing.model import Model, Rates

GIGABYTE = 1e9
BROKER_NODES = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """What a deployment of this size needs; `replicas` by service."""

    replicas: dict[str, int]
    database_cores: int
    broker_cores: int
    memory_gigabytes: float
    disk_gigabytes_year: float
    database_partitions: int
    queue_partitions: int
    regions: int
    yuan_month: float

    @property
    def cores(self) -> int:
        """All of them: processes, databases with one standby each, broker nodes."""
        return sum(self.replicas.values()) + 2 * self.database_cores + self.broker_cores


def busy_seconds(rates: Rates, model: Model) -> dict[str, float]:
    """Processor seconds a second, by service, in the busiest hour."""
    cost = model.costs
    relayed = rates.events * cost["relayed_event"]
    return {
        "assessment": rates.answers * cost["answer"] + rates.reads / 3 * cost["read"] + relayed / 3,
        "booking": rates.bookings * cost["booking"]
        + rates.answers * cost["event"]
        + rates.reads / 3 * cost["read"]
        + relayed / 3,
        "notification": rates.events / 3 * cost["event"]
        + (rates.offers + rates.bookings + rates.crises) * cost["message"]
        + relayed / 3,
        "reporting": rates.events * cost["counted_event"],
        "accounts": rates.answers * 2 * cost["read"],
        "portal": rates.reads * cost["read"] * 2,
    }


def plan_for(rates: Rates, model: Model) -> Plan:
    """Every region's share is planned by itself and then multiplied."""
    regions = max(1, math.ceil(rates.people / model.plan["largest_region"]))
    one = _share(rates, regions)
    replicas = {
        name: regions * max(int(model.plan["least_replicas"]), _processes(busy, model))
        for name, busy in busy_seconds(one, model).items()
    }
    database = (
        one.answers * model.costs["answer_in_database"]
        + one.events * model.costs["event_in_database"]
    )
    database_cores = regions * max(2, _processes(database, model))
    per_node = max(1, _processes(one.events * model.costs["event_in_broker"], model))
    broker_cores = regions * BROKER_NODES * per_node
    memory = (
        sum(replicas.values()) * model.costs["process_megabytes"] / 1000
        + 2 * database_cores * 4
        + broker_cores * 2
    )
    disk = _disk(rates, model)
    cores = sum(replicas.values()) + 2 * database_cores + broker_cores
    return Plan(
        replicas=replicas,
        database_cores=database_cores,
        broker_cores=broker_cores,
        memory_gigabytes=memory,
        disk_gigabytes_year=disk,
        database_partitions=max(1, math.ceil(one.answers / model.plan["primary_answers_second"])),
        queue_partitions=max(1, math.ceil(one.events / model.plan["queue_events_second"])),
        regions=regions,
        yuan_month=cores * model.prices["core"]
        + memory * model.prices["gigabyte_memory"]
        + 2 * disk * model.prices["gigabyte_disk"],
    )


def _processes(busy: float, model: Model) -> int:
    return math.ceil(busy / model.plan["utilisation"])


def _share(rates: Rates, regions: int) -> Rates:
    values = {name: getattr(rates, name) / regions for name in Rates.__slots__ if name != "people"}
    return Rates(people=math.ceil(rates.people / regions), **values)


def _disk(rates: Rates, model: Model) -> float:
    kept = rates.answers_year * model.storage["answer"]
    kept += rates.events_year * model.storage["event_ledger"]
    kept += rates.events_year / 12 * model.storage["event_month"]
    return kept / GIGABYTE
