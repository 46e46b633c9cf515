"""Files under `static`: their addresses with content hashes, so that browsers keep them."""

import hashlib
import json
import mimetypes
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).parent.parent / "static"
VENDOR = "vendor"
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True, repr=False)
class StaticFile:
    """One file as it is sent."""

    content: bytes
    media_type: str
    digest: str
    packed: bytes | None = None


@dataclass(frozen=True, repr=False)
class Assets:
    """Every static file in memory, read once at start: a few hundred kilobytes."""

    files: Mapping[str, StaticFile]
    vendored: Mapping[str, str]

    def own(self, path: str) -> str:
        """The address of one of our files."""
        return f"/static/{path}?v={self.files[path].digest}"

    def vendor(self, name: str) -> str | None:
        """The address of a file from an npm package; None if the build step has not run."""
        hashed = self.vendored.get(name)
        return f"/static/vendor/{hashed}" if hashed else None

    def find(self, path: str) -> StaticFile | None:
        """The file at this path below `static`; only listed files exist."""
        return self.files.get(path)


def vendor_folder() -> Path:
    """Where the build step puts files of npm packages; another place where ours is read-only."""
    return Path(os.environ.get("HUIXIN_PORTAL_VENDOR") or STATIC / VENDOR)


def load_assets(folder: Path = STATIC, vendor: Path | None = None) -> Assets:
    """Read the folders; without the npm packages' files, pages work without their scripts."""
    vendor = vendor or vendor_folder()
    own = {name: file for name, file in _files(folder) if not name.startswith(f"{VENDOR}/")}
    fetched = {f"{VENDOR}/{name}": file for name, file in _files(vendor)}
    return Assets({**own, **fetched}, _vendored(vendor / "manifest.json"))


def _files(folder: Path) -> Iterator[tuple[str, StaticFile]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in {".gz", ".json"}:
            yield path.relative_to(folder).as_posix(), _read(path)


def _read(path: Path) -> StaticFile:
    content = path.read_bytes()
    packed = path.with_name(f"{path.name}.gz")
    guessed = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    return StaticFile(
        content=content,
        media_type=_with_charset(guessed or "application/octet-stream"),
        digest=hashlib.sha256(content).hexdigest()[:12],
        packed=packed.read_bytes() if packed.exists() else None,
    )


def _with_charset(media_type: str) -> str:
    text = media_type.startswith("text/") or media_type.endswith(("xml", "json"))
    return f"{media_type}; charset=utf-8" if text else media_type


def _vendored(manifest: Path) -> Mapping[str, str]:
    try:
        found = json.loads(manifest.read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError):
        return {}
    return {str(name): str(file) for name, file in found.items()}
