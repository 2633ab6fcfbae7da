"""Makes the admin keys of a server of one's own, as `generate_admin_key.sh` in its container does.

A key is `name|` and, in hex, a version, a nonce and an encrypted `AdminKey` of the server's
protocol buffers (convex-backend: `crates/keybroker`). Whoever has the secret of an instance can
make keys for it; they never expire.
"""

from __future__ import annotations

import hmac
import os
import re
from hashlib import sha256
from typing import Final

from .secret import Secret

_VERSION: Final = b"\x01"
_NONCE: Final = 12
_PURPOSE: Final = b"admin key"
_SECRET: Final = re.compile("[0-9a-fA-F]{64}")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def admin_key(instance: str, secret: Secret, issued_s: int) -> str:
    """An admin key as servers have made them since June 2025.

    `secret` is the `INSTANCE_SECRET` of the server, `issued_s` the time in seconds since 1970.
    Raises a ValueError for a name or a secret that no server has.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

    name = _checked(instance)
    key, nonce = _key(_bytes_of(secret)), os.urandom(_NONCE)
    sealed = AESGCMSIV(key).encrypt(nonce, _claims(issued_s), _VERSION)
    return f"{name}|{(_VERSION + nonce + sealed).hex()}"


def legacy_admin_key(instance: str, secret: Secret, issued_s: int) -> str:
    """An admin key for any server, older ones among them; see `admin_key`."""
    from nacl.secret import SecretBox

    name = _checked(instance)
    sealed = bytes(SecretBox(_bytes_of(secret)).encrypt(_claims(issued_s)))
    return f"{name}|{(_VERSION + sealed).hex()}"


def _checked(instance: str) -> str:
    if _SECRET.fullmatch(instance):
        raise ValueError("the name of the instance looks like its secret: swapped?")
    if not _NAME.fullmatch(instance):
        raise ValueError(
            "the name of an instance has letters, digits, `-`, `_` and `.` only"
        )
    return instance


def _bytes_of(secret: Secret) -> bytes:
    text = secret.reveal().strip()
    if not _SECRET.fullmatch(text):
        raise ValueError(
            f"the secret of an instance is 64 characters of 0-9 and a-f, and not {len(text)}"
            " characters: `openssl rand -hex 32` makes one"
        )
    return bytes.fromhex(text)


def _key(secret: bytes) -> bytes:
    """The key for admin keys alone: one step of the counter mode of NIST SP 800-108."""
    counter = (1).to_bytes(4)
    return hmac.new(secret, counter + _PURPOSE, sha256).digest()[:16]


def _claims(issued_s: int) -> bytes:
    """`AdminKey {issued_s, member_id: 0}`: one that is nobody's in particular."""
    if issued_s <= 0:
        raise ValueError("a key is issued after 1970")
    return b"\x10" + _varint(issued_s) + b"\x18\x00"


def _varint(number: int) -> bytes:
    digits = bytearray()
    while number > 0x7F:
        digits.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*digits, number])
