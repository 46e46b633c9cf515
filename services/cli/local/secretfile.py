"""Generated secrets, kept in a file only its owner can read."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def make_password() -> str:
    """256 bits, in characters that need no quoting in a URL."""
    return secrets.token_urlsafe(32)


class SecretFile:
    """`NAME=value` lines; a name that is missing is generated once and kept."""

    def __init__(self, path: Path) -> None:
        self.path = path
        lines = path.read_text().splitlines() if path.exists() else []
        self._values = dict(line.split("=", 1) for line in lines if "=" in line)

    def get(self, name: str, make: Callable[[], str] = make_password) -> str:
        """The value of `name`, made and stored when this is the first time."""
        if name not in self._values:
            self._values[name] = make()
            self._store()
        return self._values[name]

    def find(self, name: str) -> str | None:
        """The value of `name`, if there is one."""
        return self._values.get(name)

    def put(self, name: str, value: str | None) -> None:
        """Another value for `name`, or none."""
        self._values.pop(name, None)
        if value is not None:
            self._values[name] = value
        self._store()

    def _store(self) -> None:
        fresh = self.path.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.writelines(f"{name}={value}\n" for name, value in self._values.items())
        fresh.replace(self.path)
