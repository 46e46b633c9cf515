"""Fetch the npm packages named by the lock file and copy what pages use to `static/vendor`.

    python -m services.portal.assets.build [--force] [--from NODE_MODULES]

It does nothing where the lock file has not changed since the last run. With `--from`, the packages
are taken from a folder that `npm ci` has filled elsewhere. `HUIXIN_PORTAL_VENDOR` names another
folder than `static/vendor`, for a checkout that cannot be written.
"""

import argparse
import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from services.portal.assets.npm import NoNpm, npm_command
from services.portal.web.assets import vendor_folder

HERE = Path(__file__).parent
MANIFEST = "manifest.json"
DESCRIPTION = ("package.json", "package-lock.json", ".npmrc")
FILES = {
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "echarts.js": "echarts/dist/echarts.common.min.js",
    "htmx.LICENSE": "htmx.org/LICENSE",
    "echarts.LICENSE": "echarts/LICENSE",
    "echarts.NOTICE": "echarts/NOTICE",
}


def build(vendor: Path | None = None, *, force: bool = False, modules: Path | None = None) -> bool:
    """Fill `vendor`; False if it was up to date. Raises NoNpm, CalledProcessError."""
    vendor = vendor or vendor_folder()
    if not force and _built_from(vendor) == _lock_hash():
        return False
    if modules is not None:
        _copy(modules, vendor)
        return True
    with tempfile.TemporaryDirectory(prefix="huixin-assets-") as folder:
        modules = _install(Path(folder))
        _copy(modules, vendor)
    return True


def _install(folder: Path) -> Path:
    for name in DESCRIPTION:
        shutil.copy(HERE / name, folder / name)
    subprocess.run(  # noqa: S603  # the command is made here
        [*npm_command(folder), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return folder / "node_modules"


def _copy(modules: Path, vendor: Path) -> None:
    shutil.rmtree(vendor, ignore_errors=True)
    vendor.mkdir(parents=True)
    names = {name: _copy_one(modules / source, name, vendor) for name, source in FILES.items()}
    manifest = {"lock": _lock_hash(), "files": names}
    (vendor / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def _copy_one(source: Path, name: str, vendor: Path) -> str:
    content = source.read_bytes()
    stem, _, extension = name.partition(".")
    hashed = f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}.{extension}"
    (vendor / hashed).write_bytes(content)
    if extension == "js":
        packed = gzip.compress(content, compresslevel=9, mtime=0)
        (vendor / f"{hashed}.gz").write_bytes(packed)
    return hashed


def _lock_hash() -> str:
    return hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()


def _built_from(vendor: Path) -> str | None:
    try:
        manifest = json.loads((vendor / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    files = manifest.get("files", {}).values()
    return manifest.get("lock") if all((vendor / name).exists() for name in files) else None


def main(arguments: list[str]) -> int:
    """Run the step and say what happened."""
    parser = argparse.ArgumentParser(description="Fetch the portal's scripts from npm.")
    parser.add_argument("--force", action="store_true", help="fetch them again")
    parser.add_argument("--from", dest="modules", type=Path, help="a filled node_modules folder")
    asked = parser.parse_args(arguments)
    try:
        done = build(force=asked.force, modules=asked.modules)
    except (NoNpm, OSError) as problem:
        sys.stderr.write(f"portal assets: {problem}\n")
        return 1
    except subprocess.CalledProcessError as problem:
        sys.stderr.write(f"portal assets: npm ci failed\n{problem.stderr}\n")
        return 1
    sys.stdout.write("portal assets: fetched\n" if done else "portal assets: up to date\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
