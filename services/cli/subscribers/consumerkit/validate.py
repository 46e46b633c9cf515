"""Checks events against the schemas beside this file, one JSON document a line.

    pip install jsonschema
    python consumer.py | python validate.py
"""

import json
import sys
from pathlib import Path

from jsonschema import Draft202012Validator

SCHEMAS = Path(__file__).parent / "schemas"


def validator_of(kind: str) -> Draft202012Validator:
    return Draft202012Validator(
        json.loads((SCHEMAS / f"{kind}.json").read_text()),
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


def main() -> int:
    checked = wrong = 0
    for line in sys.stdin:
        event = json.loads(line)
        checked += 1
        for error in validator_of(event["type"]).iter_errors(event):
            wrong += 1
            print(f"{event['id']} {error.json_path}: {error.message}")
    print(f"{checked} events, {wrong} faults", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
