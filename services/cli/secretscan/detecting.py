"""detect-secrets on lines; nothing of what it finds is tried out anywhere."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from detect_secrets.core import scan
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.settings import transient_settings

from services.cli.secretscan.finding import Finding

# Addresses are no secrets here: the documents name example networks.
_LEFT_OUT = {"IPPublicDetector"}
_HEURISTICS = (
    "is_sequential_string",
    "is_potential_uuid",
    "is_templated_secret",
    "is_indirect_reference",
    "is_not_alphanumeric_string",
)


def secrets_in(path: str, lines: Sequence[tuple[int, str]]) -> Iterator[Finding]:
    """What looks like a secret in these numbered lines of a file of this name."""
    # Only a file tells the detectors its language: the quotes of Python, the colons of YAML.
    with TemporaryDirectory() as folder, transient_settings(_settings()):
        copy = Path(folder) / Path(path).name
        copy.write_text("\n".join(line for _number, line in lines))
        for found in scan.scan_file(str(copy)):
            yield Finding(path, lines[found.line_number - 1][0], found.type, found.secret_hash)


def _settings() -> dict[str, object]:
    detectors = {each.__name__ for each in get_mapping_from_secret_type_to_class().values()}
    return {
        "plugins_used": [{"name": name} for name in sorted(detectors - _LEFT_OUT)],
        "filters_used": [
            {"path": f"detect_secrets.filters.heuristic.{name}"} for name in _HEURISTICS
        ],
    }
