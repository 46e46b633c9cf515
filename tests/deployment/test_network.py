"""The network lets through what the code asks for, and nothing else."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.apphost import KEEPERS, SERVICES
from services.chassis.http import HttpEntrypoint
from services.contracts.catalogue import EVENTS
from services.contracts.subscriptions import Lane, readers_of
from tests.deployment.overlays import Document, Overlay

CODE = Path(__file__).parents[2] / "services"
EVENTS_ROUTE = "/internal/v1/events"
Edge = tuple[str, str, int]


@functools.cache
def entrypoints(service: str) -> list[HttpEntrypoint]:
    methods = vars_of(SERVICES[service].load())
    found = (each for method in methods for each in getattr(method, "nameko_entrypoints", ()))
    return [each for each in found if isinstance(each, HttpEntrypoint)]


def vars_of(service_class: type) -> list[Any]:
    return [getattr(service_class, name, None) for name in dir(service_class)]


def called_by_route() -> set[tuple[str, str]]:
    """(caller, service): each internal route names its callers."""
    return {
        (caller, service)
        for service in KEEPERS
        for each in entrypoints(service)
        if each.url != EVENTS_ROUTE
        for caller in each.callers
    }


@functools.cache
def senders_of_urgent_events() -> set[str]:
    """Services whose code publishes with `urgent=`: those events go by HTTP as well."""

    def publishes_urgently(path: Path) -> bool:
        text = path.read_text()
        return "urgent=" in text and any(
            isinstance(each, ast.Call)
            and isinstance(each.func, ast.Attribute)
            and each.func.attr == "publish"
            and any(word.arg == "urgent" for word in each.keywords)
            for each in ast.walk(ast.parse(text))
        )

    return {
        service
        for service in KEEPERS
        if any(publishes_urgently(path) for path in (CODE / service).rglob("*.py"))
    }


def told_urgently() -> set[tuple[str, str]]:
    return {
        (sender, each.reader)
        for sender in senders_of_urgent_events()
        for event in EVENTS
        if event.startswith(f"{sender}.")
        for each in readers_of(event)
        if each.lane is Lane.CRISIS
    }


def wanted() -> set[tuple[str, str]]:
    """Who calls whom: routes, urgent events, the portal, and accounts' public keys."""
    keys = {(service, "accounts") for service in SERVICES if service != "accounts"}
    pages = {("portal", service) for service in KEEPERS}
    return called_by_route() | told_urgently() | keys | pages


def policies_of(overlay: Overlay, labels: Document) -> list[Document]:
    """The policies that choose a pod with these labels."""
    return [each["spec"] for each in overlay.all("NetworkPolicy") if chosen(each, labels)]


def chosen(policy: Document, labels: Document) -> bool:
    return matches(policy["spec"]["podSelector"], labels)


def matches(selector: Document, labels: Document) -> bool:
    exists = (each["key"] in labels for each in selector.get("matchExpressions", ()))
    return selector.get("matchLabels", {}).items() <= labels.items() and all(exists)


def of_service(name: str) -> Document:
    return {"app.kubernetes.io/name": name, "app.kubernetes.io/component": "service"}


def rules(policies: list[Document], way: str) -> Iterator[tuple[int | str, Document]]:
    """(port, other side) of every rule."""
    for policy in policies:
        for rule in policy.get(way, ()):
            for port in rule["ports"]:
                for side in rule.get("to" if way == "egress" else "from", ({},)):
                    yield port["port"], side


def outgoing(overlay: Overlay) -> set[Edge]:
    return {
        (service, target, SERVICES[target].port)
        for service in SERVICES
        for port, side in rules(policies_of(overlay, of_service(service)), "egress")
        for target in SERVICES
        if port == SERVICES[target].port and matches_pod(side, of_service(target))
    }


def incoming(overlay: Overlay) -> set[Edge]:
    return {
        (caller, service, SERVICES[service].port)
        for service in SERVICES
        for port, side in rules(policies_of(overlay, of_service(service)), "ingress")
        for caller in SERVICES
        if port == SERVICES[service].port and matches_pod(side, of_service(caller))
    }


def matches_pod(side: Document, labels: Document) -> bool:
    return "namespaceSelector" not in side and matches(side.get("podSelector", {}), labels)


def test_services_reach_each_other_where_the_code_calls_and_nowhere_else(overlay: Overlay) -> None:
    paths = {(caller, service, SERVICES[service].port) for caller, service in wanted()}

    assert ("assessment", "booking") in told_urgently()
    assert ("booking", "notification") in told_urgently()
    assert outgoing(overlay) == paths
    assert incoming(overlay) == paths


def test_nothing_is_allowed_that_no_policy_names(overlay: Overlay) -> None:
    nothing = overlay.one("NetworkPolicy", "nothing")["spec"]

    assert nothing == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_every_rule_names_ports(overlay: Overlay) -> None:
    for policy in overlay.all("NetworkPolicy"):
        for way in ("ingress", "egress"):
            assert all(rule.get("ports") for rule in policy["spec"].get(way, ())), policy


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reaches_its_own_database_and_the_broker(overlay: Overlay, service: str) -> None:
    databases = {f"{each}-db": {"cnpg.io/cluster": f"{each}-db"} for each in KEEPERS}
    policies = policies_of(overlay, of_service(service))
    reached = {
        name
        for port, side in rules(policies, "egress")
        for name, labels in (
            databases | {"rabbitmq": {"app.kubernetes.io/name": "rabbitmq"}}
        ).items()
        if port in (5432, 5671) and matches_pod(side, labels)
    }

    assert reached == ({f"{service}-db", "rabbitmq"} if service in KEEPERS else set())


@pytest.mark.parametrize("service", KEEPERS)
def test_a_database_is_open_to_its_service_alone(overlay: Overlay, service: str) -> None:
    policies = policies_of(overlay, {"cnpg.io/cluster": f"{service}-db"})
    callers = {
        other
        for port, side in rules(policies, "ingress")
        for other in SERVICES
        if port == 5432 and matches_pod(side, of_service(other))
    }

    assert callers == {service}


def outside(overlay: Overlay, service: str) -> set[tuple[Any, str]]:
    """(port, addresses) beyond the cluster."""
    policies = policies_of(overlay, of_service(service))
    return {
        (port, side["ipBlock"]["cidr"])
        for port, side in rules(policies, "egress")
        if "ipBlock" in side
    }


def test_only_mail_and_webhooks_leave_the_cluster(overlay: Overlay) -> None:
    leaving = {service: outside(overlay, service) for service in SERVICES}
    mail = {(465, "0.0.0.0/0"), (587, "0.0.0.0/0")} if overlay.name == "city" else set()

    assert {name: each for name, each in leaving.items() if each} == {
        "accounts": {(443, "0.0.0.0/0")},
        **({"notification": mail} if mail else {}),
    }


def test_a_webhook_reaches_nothing_of_the_citys_own_network(overlay: Overlay) -> None:
    (block,) = [
        side["ipBlock"]
        for _, side in rules(policies_of(overlay, of_service("accounts")), "egress")
        if "ipBlock" in side
    ]

    assert {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"} <= set(
        block["except"]
    )


def test_from_outside_only_the_ingress_comes_in(overlay: Overlay) -> None:
    for service in SERVICES:
        policies = policies_of(overlay, of_service(service))
        spaces = {
            (port, side["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"])
            for port, side in rules(policies, "ingress")
            if "namespaceSelector" in side
        }
        watched = {("http", "monitoring")} if overlay.name == "city" else set()
        assert spaces == {(SERVICES[service].port, "ingress")} | watched


def test_the_broker_is_open_outside_to_the_addresses_of_subscribers_alone(
    overlay: Overlay,
) -> None:
    policies = policies_of(overlay, {"app.kubernetes.io/name": "rabbitmq"})
    let_in = {
        (port, side["ipBlock"]["cidr"])
        for port, side in rules(policies, "ingress")
        if "ipBlock" in side
    }
    outside_in = overlay.all("Service") if overlay.name == "city" else []
    ways = [each["spec"] for each in outside_in if each["spec"].get("type") == "LoadBalancer"]

    assert let_in == ({(5671, "203.0.113.0/24")} if overlay.name == "city" else set())
    assert [each["loadBalancerSourceRanges"] for each in ways] == [
        [cidr] for _, cidr in sorted(let_in)
    ]
    assert [each["externalTrafficPolicy"] for each in ways] == ["Local"] * len(let_in)


def test_the_ingress_knows_the_services_and_no_internal_route(overlay: Overlay) -> None:
    spec = overlay.one("Ingress", "huixin")["spec"]
    (rule,) = spec["rules"]
    paths = {
        each["path"]: (each["backend"]["service"]["name"], each["backend"]["service"]["port"])
        for each in rule["http"]["paths"]
    }

    assert paths == {f"/api/{name}/": (name, {"name": "http"}) for name in KEEPERS} | {
        "/": ("portal", {"name": "http"})
    }
    assert all(each["pathType"] == "Prefix" for each in rule["http"]["paths"])
    assert spec["tls"] == [{"hosts": [rule["host"]], "secretName": "huixin-tls"}]
    assert overlay.settings()["NOTIFICATION_PUBLIC_URL"] == f"https://{rule['host']}"


def test_no_internal_route_lies_under_a_path_of_the_ingress() -> None:
    """What names its callers is internal; `/` leads to the portal, whose own routes are pages."""
    internal = [each for service in KEEPERS for each in entrypoints(service) if each.callers]

    assert internal
    assert [each.url for each in internal if not each.url.startswith("/internal/")] == []
    assert [each.url for each in entrypoints("portal") if each.callers] == []
