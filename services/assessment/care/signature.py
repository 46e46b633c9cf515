"""The signature under a care policy: a name, a day, and a fingerprint of what was signed."""

from datetime import date
from hashlib import sha256

import msgspec

from services.assessment.care.definition import CarePolicy, Signature


class PolicyNotSigned(ValueError):
    """Nobody answers for this policy, so no real person may be cared for by it."""


class PolicyChangedAfterSigning(ValueError):
    """The policy is not the one that was signed."""


def fingerprint(policy: CarePolicy) -> str:
    """SHA-256, in hex, of the whole policy without its signature."""
    unsigned = msgspec.structs.replace(
        policy, crisis=msgspec.structs.replace(policy.crisis, signed_by=None)
    )
    return sha256(msgspec.json.encode(unsigned, order="deterministic")).hexdigest()


def sign(policy: CarePolicy, *, name: str, role: str, on: date) -> CarePolicy:
    """The same policy with a signature over what it says now."""
    signature = Signature(name=name, role=role, on=on.isoformat(), sha256=fingerprint(policy))
    return msgspec.structs.replace(
        policy, crisis=msgspec.structs.replace(policy.crisis, signed_by=signature)
    )


def check_signature(policy: CarePolicy) -> None:
    """Raise unless the policy is signed and unchanged since."""
    signature = policy.crisis.signed_by
    if signature is None:
        raise PolicyNotSigned(f"{policy.pin} has no crisis.signed_by")
    if signature.sha256 != fingerprint(policy):
        raise PolicyChangedAfterSigning(f"{policy.pin} is not what {signature.name} signed")
