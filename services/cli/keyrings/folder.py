"""The folder secrets are kept in: `secrets.env`, and one file each where containers read them."""

import json
import os
from pathlib import Path

from services.apphost import KEEPERS
from services.chassis.servicetokens import make_service_key
from services.chassis.settings import parse_keyring
from services.cli.errors import CommandFailed
from services.cli.keyrings.rings import Ring
from services.cli.local.environment import service_keys
from services.cli.local.secretfile import SecretFile


class SecretFolder:
    """What `./huixin secrets`, `up` or `demo` made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if not (folder / "secrets.env").exists():
            raise CommandFailed(f"{folder} holds no secrets.env. Name the folder with --secrets.")
        self._secrets = SecretFile(folder / "secrets.env")

    def ring(self, service: str) -> Ring:
        """A service's key ring."""
        text = self._secrets.find(f"{service.upper()}_KEYRING")
        if text is None:
            raise CommandFailed(f"{self.folder} holds no key ring of {service}.")
        return parse_keyring(text)

    def put_ring(self, service: str, ring: Ring) -> None:
        """Another one in its place."""
        text = json.dumps(ring)
        self._secrets.put(f"{service.upper()}_KEYRING", text)
        self._write_file(f"{service}_keyring", text)

    def add_service_key(self, service: str) -> None:
        """Its public half becomes known; the service goes on with the one it has."""
        if self._secrets.find(f"{service.upper()}_SERVICE_KEY_NEXT"):
            raise CommandFailed(f"A new key of {service} waits: next is `rotate-keys activate`.")
        self._secrets.put(f"{service.upper()}_SERVICE_KEY_NEXT", make_service_key())
        self._write_service_keys()

    def activate_service_key(self, service: str) -> None:
        """The service signs with it; the old one is still believed."""
        name = f"{service.upper()}_SERVICE_KEY"
        new = self._secrets.find(f"{name}_NEXT")
        if new is None:
            raise CommandFailed(f"No new key of {service} waits: begin with `rotate-keys add`.")
        self._secrets.put(f"{name}_BEFORE", self._secrets.get(name))
        self._secrets.put(name, new)
        self._secrets.put(f"{name}_NEXT", None)
        self._write_service_keys()

    def drop_service_key(self, service: str) -> None:
        """The old one is believed no more."""
        self._secrets.put(f"{service.upper()}_SERVICE_KEY_BEFORE", None)
        self._write_service_keys()

    def _write_service_keys(self) -> None:
        keys = service_keys(self._secrets)
        self._write_file("service_keys", keys["HUIXIN_SERVICE_KEYS"])
        for service in KEEPERS:
            self._write_file(f"{service}_service_key", keys[f"{service.upper()}_SERVICE_KEY"])

    def _write_file(self, name: str, text: str) -> None:
        path = self.folder / name
        if not path.exists():
            return
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        fresh.write_text(text + "\n")
        fresh.chmod(path.stat().st_mode & 0o777)
        os.replace(fresh, path)  # noqa: PTH105  # the name is kept, what it names is another file
