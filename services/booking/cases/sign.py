"""Signs a crisis policy: `python -m services.booking.cases.sign --name … --on … [IN] OUT`."""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec

from services.booking.cases.policy import DEFAULT_POLICY, Signature, load_crisis_policy


def main(arguments: Sequence[str]) -> int:
    """Write the signed policy; the signer has read what they sign."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--name", required=True, help="who answers for the times")
    parser.add_argument("--role", default="clinical-lead")
    parser.add_argument("--on", type=date.fromisoformat, required=True, help="YYYY-MM-DD")
    parser.add_argument("policy", type=Path, nargs="?", default=DEFAULT_POLICY, metavar="IN")
    parser.add_argument("signed", type=Path, metavar="OUT")
    given = parser.parse_args(arguments)
    policy = load_crisis_policy(given.policy, embedded=True)
    signature = Signature(
        name=given.name,
        role=given.role,
        on=given.on.isoformat(),
        sha256=policy.fingerprint(),
    )
    signed = msgspec.structs.replace(policy, signed_by=signature)
    given.signed.write_bytes(msgspec.json.format(msgspec.json.encode(signed), indent=2) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
