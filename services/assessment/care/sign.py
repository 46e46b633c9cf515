"""Signs a care policy: `python -m services.assessment.care.sign --name … --role … [IN] OUT`."""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec

from services.assessment.care.reading import DEFAULT, read_policy
from services.assessment.care.signature import sign
from services.assessment.instruments.catalogue import read_catalogue


def main(arguments: Sequence[str]) -> int:
    """Write the signed policy; the signer has read what they sign."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--name", required=True, help="who answers for the policy")
    parser.add_argument("--role", default="clinical-lead")
    parser.add_argument("--on", type=date.fromisoformat, required=True, help="YYYY-MM-DD")
    parser.add_argument("policy", type=Path, nargs="?", default=DEFAULT, metavar="IN")
    parser.add_argument("signed", type=Path, metavar="OUT")
    given = parser.parse_args(arguments)
    policy = read_policy(given.policy, read_catalogue(), signed=False)
    signed = sign(policy, name=given.name, role=given.role, on=given.on)
    given.signed.write_bytes(msgspec.json.format(msgspec.json.encode(signed), indent=2) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
