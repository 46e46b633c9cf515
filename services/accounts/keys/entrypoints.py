"""The published keys, and their rotation."""

from services.accounts.keys.storage import published_keys
from services.accounts.keys.usecases import rotate_signing_keys
from services.accounts.wiring import AccountsUnitOfWork, AccountsUnitOfWorkProvider
from services.chassis.clock import Clock
from services.chassis.container import ClockProvider
from services.chassis.database import Database, DatabaseProvider
from services.chassis.http import Request, Response, http, json_response
from services.chassis.timers import every


class KeyEntrypoints:
    """What every service checks tokens with."""

    uow: AccountsUnitOfWork = AccountsUnitOfWorkProvider()
    database: Database = DatabaseProvider()
    clock: Clock = ClockProvider()

    @http(
        "GET",
        "/api/accounts/v1/jwks.json",
        action=None,
        summary="The public keys that access tokens are checked with (RFC 7517)",
    )
    def jwks(self, _request: Request) -> Response:
        """Readers keep them for five minutes; the next key is here an hour before it is used."""
        with self.database.reading() as connection:
            keys = published_keys(connection)
        return json_response({"keys": keys}, headers={"Cache-Control": "public, max-age=300"})

    @every(seconds=600, name="signing-keys")
    def rotate_keys(self) -> None:
        """Make the next key in time."""
        rotate_signing_keys(uow=self.uow, now=self.clock.now())
