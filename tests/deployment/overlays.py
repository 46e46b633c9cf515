"""What `kubectl kustomize` makes of an overlay, to look things up in."""

import functools
import re
import shutil
import subprocess
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

K8S = Path(__file__).parents[2] / "k8s"
OVERLAYS = ("local", "city")
OLDEST = (1, 21)  # Debian's 1.20 cannot build components.

Document = dict[str, Any]


def kubectl() -> str:
    """A kubectl that builds components; skips the test, with the reason, where there is none."""
    found = shutil.which("kubectl")
    if found is None:
        pytest.skip("no kubectl here: get 1.21 or newer from kubernetes.io/docs/tasks/tools")
    version = _version(found)
    if version < OLDEST:
        pytest.skip(f"{found} is {version}, kustomize components need 1.21 or newer")
    return found


@functools.cache
def built(overlay: str) -> "Overlay":
    """The overlay's documents; built once."""
    made = subprocess.run(
        [kubectl(), "kustomize", str(K8S / "overlays" / overlay)], capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    return Overlay(overlay, made.stdout)


class Overlay:
    """An overlay's documents."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text
        # The safe loader in C: fifteen times as fast.
        self.documents: list[Document] = list(yaml.load_all(text, Loader=yaml.CSafeLoader))

    def only(self, versions: Collection[str]) -> str:
        """The documents of these API versions, as text."""
        return _text([each for each in self.documents if each["apiVersion"] in versions])

    def kinds(self, *kinds: str) -> str:
        """The documents of these kinds, as text."""
        return _text(self.all(*kinds))

    def all(self, *kinds: str) -> list[Document]:
        return [each for each in self.documents if each["kind"] in kinds]

    def names(self, *kinds: str) -> set[str]:
        return {each["metadata"]["name"] for each in self.all(*kinds)}

    def one(self, kind: str, name: str) -> Document:
        found = [each for each in self.all(kind) if each["metadata"]["name"] == name]
        assert len(found) == 1, f"{len(found)} × {kind} {name}"
        return found[0]

    def settings(self) -> dict[str, str]:
        """The ConfigMap every service reads."""
        found = [each for each in self.all("ConfigMap") if "HUIXIN_PEERS" in each["data"]]
        assert len(found) == 1
        data: dict[str, str] = found[0]["data"]
        return data

    def pods(self) -> Iterator[tuple[str, Document]]:
        """(kind/name, pod template) of everything that makes pods and is no operator's."""
        for each in self.all("Deployment", "Job"):
            yield f"{each['kind']}/{each['metadata']['name']}", each["spec"]["template"]


def containers(template: Document) -> list[Document]:
    """Every container of a pod, those that run first included."""
    spec = template["spec"]
    return [*spec.get("initContainers", ()), *spec["containers"]]


def service_container(overlay: Overlay, service: str) -> Document:
    template = overlay.one("Deployment", service)["spec"]["template"]
    found: list[Document] = template["spec"]["containers"]
    assert [each["name"] for each in found] == ["service"]
    return found[0]


def mounted_secrets(template: Document) -> dict[str, tuple[str, str]]:
    """Path in the pod's containers → (secret, key), as far as keys are named."""
    places = {m["name"]: m["mountPath"] for c in containers(template) for m in c["volumeMounts"]}
    files = {}
    for volume in template["spec"]["volumes"]:
        sources = [s["secret"] for s in volume.get("projected", {}).get("sources", ())]
        sources += [volume["secret"]] if "secret" in volume else []
        for source in sources:
            name = source.get("secretName") or source["name"]
            for item in source.get("items", ({"key": "*", "path": "*"},)):
                files[f"{places[volume['name']]}/{item['path']}"] = (name, item["key"])
    return files


def _text(documents: list[Document]) -> str:
    return yaml.dump_all(documents, Dumper=yaml.CSafeDumper, allow_unicode=True)


def _version(program: str) -> tuple[int, int]:
    said = subprocess.run([program, "version", "--client"], capture_output=True, text=True).stdout
    found = re.search(r"v?(\d+)\.(\d+)\.\d+", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)
