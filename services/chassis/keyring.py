"""Named 256-bit keys: the active one seals, and each of them opens what it once sealed.

Beside them stands the index key, which only makes keyed digests. It is never rotated: a digest is
looked up by the same digest, and nothing opens with it. A ring from before there was an index key
has none; its first-named key then stands in, until `./huixin rotate-keys add` writes it down.
"""

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

    def __init__(self, active: str, keys: Mapping[str, bytes], index: bytes | None = None) -> None:
        self.active = active
        self._keys = dict(keys)
        self._index = keys[min(keys)] if index is None else index
        if any(len(key) != KEY_BYTES for key in (*keys.values(), self._index)):
            raise ValueError("every key of the key ring has 32 bytes")

    @classmethod
    def from_settings(cls, document: Mapping[str, Any]) -> "KeyRing":
        """From `{"active": name, "keys": {name: base64}, "index": base64}`."""
        keys = {name: base64.b64decode(value) for name, value in document["keys"].items()}
        index = document.get("index")
        return cls(document["active"], keys, base64.b64decode(index) if index else None)

    @property
    def names(self) -> frozenset[str]:
        """The keys it can open with."""
        return frozenset(self._keys)

    def fingerprints(self) -> dict[str, str]:
        """What tells keys of one name apart; the index key's is under the empty name."""
        keys = {**self._keys, "": self._index}
        return {name: _fingerprint(key) for name, key in keys.items()}

    def seal(self, plaintext: bytes, context: str) -> bytes:
        """Seal with the active key; its name stands before the sealed bytes."""
        name = self.active.encode()
        sealed = seal_with(self._keys[self.active], plaintext, context.encode())
        return bytes([len(name)]) + name + sealed

    def open(self, sealed: bytes, context: str) -> bytes:
        """Open what any key of the ring sealed; raises CannotOpen."""
        name = sealed_by(sealed)
        if name not in self._keys:
            raise CannotOpen
        return open_with(self._keys[name], sealed[1 + sealed[0] :], context.encode())

    def blind_index(self, value: str, context: str) -> bytes:
        """A 32-byte keyed digest to look an encrypted value up by."""
        return hmac.new(self._index, f"{context}\0{value}".encode(), hashlib.sha256).digest()


def sealed_by(sealed: bytes) -> str:
    """The name of the key a ring sealed this with."""
    return sealed[1 : 1 + sealed[0]].decode(errors="replace")


def _fingerprint(key: bytes) -> str:
    return hmac.new(key, b"fingerprint", hashlib.sha256).hexdigest()[:16]
