"""Every document is what Kubernetes, or the operator it is for, expects."""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.deployment.overlays import Document, Overlay
from tests.deployment.schemas import schema_of
from tests.deployment.tools import run_tool

KUBERNETES = "1.32"
BUILT_IN = {
    "v1", "apps/v1", "autoscaling/v2", "batch/v1", "networking.k8s.io/v1", "policy/v1",
    "scheduling.k8s.io/v1",
}  # fmt: skip


def mistakes(document: Document) -> list[str]:
    found = Draft202012Validator(schema_of(document)).iter_errors(document)
    return [f"{document['metadata']['name']}: {each.json_path}: {each.message}" for each in found]


def test_custom_resources_are_what_their_operators_expect(overlay: Overlay) -> None:
    custom = [each for each in overlay.documents if each["apiVersion"] not in BUILT_IN]

    assert custom
    assert [mistake for each in custom for mistake in mistakes(each)] == []


def test_an_unknown_field_of_a_custom_resource_is_noticed(overlay: Overlay) -> None:
    cluster = overlay.one("Cluster", "booking-db")
    wrong = {**cluster, "spec": {**cluster["spec"], "instanzes": 3}}

    assert len(mistakes(wrong)) == 1


def test_built_in_kinds_are_what_kubernetes_expects(overlay: Overlay, tmp_path: Path) -> None:
    path = tmp_path / "built-in.yaml"
    path.write_text(overlay.only(BUILT_IN))

    finished = run_tool("kubernetes-validate", "--strict", "-k", KUBERNETES, str(path))

    assert finished.returncode == 0, finished.stdout + finished.stderr


@pytest.mark.parametrize("field", ["replicaz", "strategie"])
def test_an_unknown_field_of_a_built_in_kind_is_noticed(field: str, tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\nspec:\n"
        f"  {field}: 1\n  selector: {{matchLabels: {{a: b}}}}\n"
        "  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}\n"
    )

    assert run_tool("kubernetes-validate", "--strict", "-k", KUBERNETES, str(path)).returncode
