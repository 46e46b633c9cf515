"""Write what an image contains, package by package, as a CycloneDX bill of materials."""

import argparse
import hashlib
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from services.apphost import SERVICES
from services.cli.dependencies.contents import Package, npm_packages, python_packages
from services.cli.errors import CommandFailed
from services.cli.steps import ROOT

if TYPE_CHECKING:
    from cyclonedx.model.component import Component

PYTHON_LOCK = ROOT / "requirements.lock"
NPM_LOCK = ROOT / "services" / "portal" / "assets" / "package-lock.json"
ALL = "all"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Of which image, and where to."""
    parser.add_argument("--service", choices=(*SERVICES, ALL), default=ALL, help="of which image")
    parser.add_argument("--output", type=Path, metavar="FILE", help="else it is printed")


def run(arguments: argparse.Namespace) -> int:
    """The same locks give the same list."""
    packages = python_packages(PYTHON_LOCK)
    if arguments.service in {"portal", ALL}:
        packages += npm_packages(NPM_LOCK)
    bill = bill_of_materials(f"huixin-{arguments.service}", packages)
    if arguments.output is None:
        print(bill)
        return 0
    try:
        arguments.output.write_text(bill + "\n")
    except OSError as error:
        raise CommandFailed(f"{arguments.output} cannot be written: {error.strerror}.") from None
    print(f"{len(packages)} packages of huixin-{arguments.service} in {arguments.output}.")
    return 0


def bill_of_materials(image: str, packages: Sequence[Package]) -> str:
    """CycloneDX 1.6 as JSON."""
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.output.json import JsonV1Dot6

    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    locks = hashlib.sha256(PYTHON_LOCK.read_bytes() + NPM_LOCK.read_bytes()).hexdigest()
    bom = Bom(serial_number=uuid5(NAMESPACE_URL, f"{image}:{version}:{locks}"))
    bom.metadata.component = Component(
        name=image, version=version, type=ComponentType.CONTAINER, bom_ref=image
    )
    for package in packages:
        bom.components.add(_component(package))
    bom.register_dependency(bom.metadata.component, bom.components)
    return JsonV1Dot6(bom).output_as_string(indent=2)


def _component(package: Package) -> "Component":
    from cyclonedx.contrib.license.factories import LicenseFactory
    from cyclonedx.model import HashAlgorithm, HashType
    from cyclonedx.model.component import Component, ComponentType
    from packageurl import PackageURL

    address = PackageURL(package.registry, None, package.name, package.version)
    return Component(
        name=package.name,
        version=package.version,
        type=ComponentType.LIBRARY,
        bom_ref=str(address),
        purl=address,
        hashes=[HashType(alg=HashAlgorithm(a), content=c) for a, c in package.hashes],
        licenses=[LicenseFactory().make_from_string(package.licence)],
    )
