"""Named 256-bit keys: the active one seals, and each of them opens what it once sealed."""

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
KEY_BYTES = 32


class CannotOpen(Exception):
    """The sealed bytes do not belong to this key and context, or were changed."""


def seal_with(key: bytes, plaintext: bytes, context: bytes) -> bytes:
    """AES-256-GCM: a random 96-bit nonce, then the ciphertext with its 128-bit tag."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, context)


def open_with(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """The plaintext; raises CannotOpen."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
    except InvalidTag as error:
        raise CannotOpen from error


class KeyRing:
    """The service's key-encryption keys, from its settings."""

    def __init__(self, active: str, keys: Mapping[str, bytes]) -> None:
        if any(len(key) != KEY_BYTES for key in keys.values()):
            raise ValueError("every key of the key ring has 32 bytes")
        self.active = active
        self._keys = dict(keys)

    @classmethod
    def from_settings(cls, document: Mapping[str, Any]) -> "KeyRing":
        """From `{"active": name, "keys": {name: base64}}`."""
        keys = {name: base64.b64decode(value) for name, value in document["keys"].items()}
        return cls(document["active"], keys)

    def seal(self, plaintext: bytes, context: str) -> bytes:
        """Seal with the active key; its name stands before the sealed bytes."""
        name = self.active.encode()
        sealed = seal_with(self._keys[self.active], plaintext, context.encode())
        return bytes([len(name)]) + name + sealed

    def open(self, sealed: bytes, context: str) -> bytes:
        """Open what any key of the ring sealed; raises CannotOpen."""
        length = sealed[0]
        name = sealed[1 : 1 + length].decode(errors="replace")
        if name not in self._keys:
            raise CannotOpen
        return open_with(self._keys[name], sealed[1 + length :], context.encode())

    def blind_index(self, value: str, context: str) -> bytes:
        """A 32-byte keyed digest to look an encrypted value up by; it needs the oldest key."""
        oldest = min(self._keys)
        return hmac.new(self._keys[oldest], f"{context}\0{value}".encode(), hashlib.sha256).digest()
