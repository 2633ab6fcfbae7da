"""The text of document ids: the form is Convex's.

An id is the number of its table, 16 bytes of its own and a checksum, in Crockford's base 32
(`crates/value/src/id_v6.rs`, `base32.rs`). On the server 14 of its own bytes are random and the
last two are the day (`crates/database/src/transaction_id_generator.rs`): many who insert at the
same time do not meet at one place. In a file, where one writes at a time, the first 8 are the
creation time, so that new documents are kept after the old ones, and 8 are random, so that no id
can be guessed. Ids of both kinds are read alike.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import Final

FIRST_NUMBER: Final = 10_001
"""The number of a deployment's first table; those below are the system's (`table.rs`)."""

DIGITS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS: Final = [high + low for high in DIGITS for low in DIGITS]
# Python reads base 32 with other digits. What is no digit of ours must be none of Python's.
_PYTHONS: Final = dict(
    zip(DIGITS.encode(), b"0123456789abcdefghijklmnopqrstuv", strict=True)
)
_TO_PYTHON: Final = bytes(_PYTHONS.get(code, ord("!")) for code in range(256))
_LENGTHS: Final = range(31, 38)
OWN_BYTES: Final = 16
CHECKSUM_BYTES: Final = 2
_time: Final = struct.Struct(">d")
_RANDOM_BYTES: Final = 8
_day: Final = struct.Struct(">H")
_DAY_MS: Final = 24 * 60 * 60 * 1000
_63_BITS: Final = (1 << 63) - 1


def timed_bytes(created: float) -> bytes:
    """An id's own bytes, which begin with a time, in ms since 1970."""
    return _time.pack(created) + os.urandom(_RANDOM_BYTES)


def random_bytes(created: float) -> bytes:
    """An id's own bytes as the server makes them: random, and the day of the time at the end."""
    day = _day.pack(int(created // _DAY_MS) & 0xFFFF)
    return os.urandom(OWN_BYTES - _day.size) + day


def encode(number: int, own: bytes) -> str:
    """The text of an id from its table's number and its own 16 bytes."""
    return encoder(number)(own)


def encoder(number: int) -> Callable[[bytes], str]:
    """Makes the texts of ids of the table with a number from their own 16 bytes."""
    start = varint(number)
    size = len(start) + OWN_BYTES
    bits = (size + CHECKSUM_BYTES) * 8
    digits = -(-bits // 5)
    rest = digits * 5 - bits
    # Where each pair of digits is in the number that all of them are.
    shifts = range(digits * 5 - 10, -1, -10)

    def encoded(own: bytes) -> str:
        data = start + own
        value = (int.from_bytes(data, "big") << 16 | checksum(data)) << rest
        pairs = [_PAIRS[value >> shift & 1023] for shift in shifts]
        if digits % 2:
            pairs.append(DIGITS[value & 31])
        return "".join(pairs)

    return encoded


@lru_cache(maxsize=4096)
def decode(text: str) -> tuple[int, bytes]:
    """The number of the table and the id's own bytes; a `ValueError` when malformed."""
    if len(text) not in _LENGTHS or not text.isascii():
        raise ValueError("an id has 31 to 37 letters and digits")
    try:
        value = int(text.encode().translate(_TO_PYTHON), 32)
    except ValueError:
        raise ValueError("an id has other letters and digits") from None
    bits = len(text) * 5
    size, rest = divmod(bits, 8)
    if rest >= 5:
        raise ValueError("it has a letter or a digit too many")
    data = (value >> rest).to_bytes(size, "big")
    body, given = data[:-CHECKSUM_BYTES], data[-CHECKSUM_BYTES:]
    if value & ((1 << rest) - 1) or checksum(body) != int.from_bytes(given, "big"):
        raise ValueError("its checksum is wrong")
    number, own = _read_varint(body)
    if (
        not 0 < number < 1 << 32
        or len(own) != OWN_BYTES
        or varint(number) + own != body
    ):
        raise ValueError("its parts are not those of an id")
    return number, own


def id_in(document: object) -> str:
    """The id that the JSON of a document begins with, sound or not; empty where there is none."""
    id, quote, _ = str(document).partition('"_id":"')[2].partition('"')
    return id if quote and id.isalnum() else ""


def leading_number(number: int) -> Callable[[str], int | None]:
    """A function that reads a number of 63 bits off an id of the table with this number.

    They are the first 8 of the id's own bytes without the first bit, a time's sign: the numbers
    of later ids are higher. A malformed id has any number, or None: it is not decoded, for speed.
    """
    own = len(varint(number)) * 8
    start, end = own // 5, -(-(own + 64) // 5)
    rest = end * 5 - own - 64

    def read(text: str) -> int | None:
        try:
            value = int(text[start:end].encode().translate(_TO_PYTHON), 32)
        except ValueError:
            return None
        return value >> rest & _63_BITS

    return read


@lru_cache
def varint(number: int) -> bytes:
    """LEB128: seven bits a byte, the lowest first."""
    data = bytearray()
    while number > 0x7F:
        data.append(number & 0x7F | 0x80)
        number >>= 7
    data.append(number)
    return bytes(data)


def _read_varint(data: bytes) -> tuple[int, bytes]:
    number = 0
    for position, byte in enumerate(data):
        number |= (byte & 0x7F) << (7 * position)
        if byte < 0x80:
            return number, data[position + 1 :]
    raise ValueError("its parts are not those of an id")


def checksum(data: bytes) -> int:
    """Fletcher's, of 16 bits, modulo 256."""
    # Adler's sums are the same ones, begun at 1 and too large for a remainder here.
    sums = zlib.adler32(data)
    return (sums - 1 & 0xFF) << 8 | (sums >> 16) - len(data) & 0xFF
