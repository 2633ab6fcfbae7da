"""Ids of documents that are nowhere."""

from __future__ import annotations

import struct
from random import Random
from typing import Final

from codegen.engines.ids import FIRST_NUMBER, encode
from codegen.ir.model import Schema

FIRST_TIME: Final = 1_767_225_600_000.0
"""When documents that nobody inserted were created, in ms since 1970: as 2026 began."""
_CONVEXS_OWN: Final = 1
"""A number below those of a schema's tables."""


class UnusedIds:
    """Gives ids of the right form, with the numbers of tables that a new database has."""

    def __init__(self, schema: Schema, random: Random) -> None:
        self._numbers = {
            table: FIRST_NUMBER + i for i, table in enumerate(sorted(schema.tables))
        }
        self._random = random

    def __call__(self, table: str) -> str:
        own = struct.pack(">d", FIRST_TIME) + self._random.randbytes(8)
        return encode(self._numbers.get(table, _CONVEXS_OWN), own)
