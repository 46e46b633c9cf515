"""Tokens under accounts' real signing key, good ones and every kind of bad one."""

from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from services.accounts.keys.usecases import signing_key
from services.accounts.wiring import AccountsUnitOfWork
from services.chassis.runtime import Runtime
from tests.support.apps import good_claims


class AccountsIssuer:
    """Signs as accounts does; `headers` and `claims` replace what a good token says."""

    def __init__(self, accounts: Runtime) -> None:
        uow: Any = accounts.unit_of_work(AccountsUnitOfWork)
        with uow:
            self.key = signing_key(uow, accounts.clock.now())
            uow.commit()
        self.private: Any = load_pem_private_key(self.key.private, password=None)

    def stop(self) -> None:
        """Nothing runs."""

    def claims(self, *roles: str, person: UUID | None = None, unit: str = "wh/hc") -> Any:
        """What a good token says."""
        return good_claims(*roles, person=person, unit=unit)

    def token(
        self,
        *roles: str,
        person: UUID | None = None,
        unit: str = "wh/hc",
        headers: dict[str, Any] | None = None,
        **claims: Any,
    ) -> str:
        """A token of a person with these roles; a claim that is None is left out."""
        said = {**self.claims(*roles, person=person, unit=unit), **claims}
        kept = {name: value for name, value in said.items() if value is not None}
        head = {"kid": self.key.kid, **(headers or {})}
        return jwt.encode(kept, self.private, "ES256", headers=head)
