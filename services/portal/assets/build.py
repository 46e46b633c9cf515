"""Fetch the npm packages named by the lock file and copy what pages use to `static/vendor`.

    python -m services.portal.assets.build [--force]

It does nothing where the lock file has not changed since the last run.
"""

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from services.portal.assets.npm import NoNpm, npm_command

HERE = Path(__file__).parent
VENDOR = HERE.parent / "static" / "vendor"
MANIFEST = "manifest.json"
DESCRIPTION = ("package.json", "package-lock.json", ".npmrc")
FILES = {
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "echarts.js": "echarts/dist/echarts.common.min.js",
    "htmx.LICENSE": "htmx.org/LICENSE",
    "echarts.LICENSE": "echarts/LICENSE",
    "echarts.NOTICE": "echarts/NOTICE",
}


def build(vendor: Path = VENDOR, *, force: bool = False) -> bool:
    """Fill `vendor`; False if it was up to date. Raises NoNpm, CalledProcessError."""
    if not force and _built_from(vendor) == _lock_hash():
        return False
    with tempfile.TemporaryDirectory(prefix="huixin-assets-") as folder:
        modules = _install(Path(folder))
        _copy(modules, vendor)
    return True


def _install(folder: Path) -> Path:
    for name in DESCRIPTION:
        shutil.copy(HERE / name, folder / name)
    subprocess.run(  # noqa: S603
        [*npm_command(folder), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
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
    try:
        done = build(force="--force" in arguments)
    except (NoNpm, subprocess.CalledProcessError) as problem:
        sys.stderr.write(f"portal assets: {problem}\n")
        return 1
    sys.stdout.write("portal assets: fetched\n" if done else "portal assets: up to date\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
