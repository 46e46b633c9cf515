"""Files under `static`: their addresses with content hashes, so that browsers keep them."""

import hashlib
import json
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).parent.parent / "static"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class StaticFile:
    """One file as it is sent."""

    content: bytes
    media_type: str
    digest: str
    packed: bytes | None = None


@dataclass(frozen=True)
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


def load_assets(folder: Path = STATIC) -> Assets:
    """Read the folder; files of `vendor` that are missing are left out, pages work without."""
    names = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    files = {
        path.relative_to(folder).as_posix(): _read(path)
        for path in names
        if path.suffix not in {".gz", ".json"}
    }
    return Assets(files, _vendored(folder / "vendor" / "manifest.json"))


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
