"""The texts of many ids, all at once.

Digit by digit in Python takes most of an id's time. Here all ids are one large number, and each
operation on it moves bits of all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from .ids import CHECKSUM_BYTES, DIGITS, OWN_BYTES, checksum, varint

_TO_DIGITS: Final = DIGITS.encode().ljust(256)
# Eight digits of 5 bits come from five bytes, and have a byte each in the end.
_GROUP: Final = 5
_LANE: Final = 8
# What each step moves in a lane, what it leaves, and how far: 40 bits are halved thrice.
_HALVINGS: Final = (
    (0x000000FFFFF00000, 0x00000000000FFFFF, 12),
    (0x000FFC00000FFC00, 0x000003FF000003FF, 6),
    (0x03E003E003E003E0, 0x001F001F001F001F, 3),
)


def encode_all(number: int, own: Iterable[bytes]) -> list[str]:
    """The texts of ids from their table's number and their own 16 bytes each; see `encode`."""
    start = varint(number)
    size = len(start) + OWN_BYTES + CHECKSUM_BYTES
    # Zeros fill the last group; the digits that only they make are left out.
    groups = -(-size // _GROUP)
    fill = bytes(groups * _GROUP - size)
    parts: list[bytes] = []
    for each in own:
        body = start + each
        parts += (body, checksum(body).to_bytes(CHECKSUM_BYTES, "big"), fill)
    text = _digits(b"".join(parts))
    length = -(-size * 8 // 5)
    return [text[at : at + length] for at in range(0, len(text), groups * _LANE)]


def _digits(data: bytes) -> str:
    """Bytes in base 32, where they are groups of five."""
    lanes = len(data) // _GROUP
    spread = bytearray(lanes * _LANE)
    for place in range(_GROUP):
        spread[_LANE - _GROUP + place :: _LANE] = data[place::_GROUP]
    value = int.from_bytes(spread, "big")
    for moved, left, bits in _masks(lanes):
        value = (value & moved) << bits | value & left
    return value.to_bytes(lanes * _LANE, "big").translate(_TO_DIGITS).decode()


@lru_cache(maxsize=16)
def _masks(lanes: int) -> list[tuple[int, int, int]]:
    return [
        (_repeated(moved, lanes), _repeated(left, lanes), bits)
        for moved, left, bits in _HALVINGS
    ]


def _repeated(mask: int, lanes: int) -> int:
    return int.from_bytes(mask.to_bytes(_LANE, "big") * lanes, "big")
