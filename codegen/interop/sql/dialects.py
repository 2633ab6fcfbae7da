"""What SQLite and PostgreSQL say differently."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from codegen.ir.types import JsonValue

from .text import name, number, string


@dataclass(frozen=True, slots=True)
class Dialect:
    """`types` are the names of the types by the kind of a column."""

    name: str
    title: str
    types: Mapping[str, str]
    text_length: str
    bytes_length: str
    array_length: str
    is_postgresql: bool
    reserved_columns: frozenset[str] = frozenset()

    def check_of_type(self, kind: str, column: str, *, may_be_null: bool) -> str:
        """What keeps other values out of a column, where its type does not."""
        if self.is_postgresql or kind not in ("json", "boolean"):
            return ""
        if kind == "boolean":
            return f"{column} IN (0, 1)"
        valid = f"json_valid({column})"  # false for NULL before SQLite 3.42
        return f"{column} IS NULL OR {valid}" if may_be_null else valid

    def floating(self, value: float) -> str:
        """A float of any value. Raises ValueError if the dialect can't write it."""
        if math.isfinite(value):
            return number(value)
        if self.is_postgresql:
            word = "NaN" if math.isnan(value) else "Infinity"
            return f"'-{word}'" if value < 0 else f"'{word}'"
        if math.isnan(value):
            raise ValueError("SQLite has no NaN")
        return "-9e999" if value < 0 else "9e999"

    def binary(self, value: bytes) -> str:
        return f"'\\x{value.hex()}'" if self.is_postgresql else f"X'{value.hex()}'"

    def json(self, value: JsonValue) -> str:
        """A text of JSON. Raises ValueError if the dialect can't hold it."""
        text = json.dumps(value, ensure_ascii=True)
        if self.is_postgresql and "\\u0000" in text:
            raise ValueError("jsonb can't hold the character NUL")
        return string(text)

    def inside(self, column: str, keys: Sequence[str], *, is_text: bool) -> str:
        """What lies in a column of JSON, as a part of an index."""
        if not self.is_postgresql:
            path = ".".join(("$", *keys))
            return f"json_extract({name(column)}, {string(path)})"
        *outer, last = map(string, keys)
        steps = [name(column), *outer]
        arrow = "->>" if is_text else "->"
        return f"({' -> '.join(steps)} {arrow} {last})"


SQLITE: Final = Dialect(
    "sqlite",
    "SQLite",
    {
        "text": "TEXT",
        "float": "REAL",
        "int": "INTEGER",
        "boolean": "BOOLEAN",
        "bytes": "BLOB",
        "json": "TEXT",
    },
    text_length="length",
    bytes_length="length",
    array_length="json_array_length",
    is_postgresql=False,
)
POSTGRESQL: Final = Dialect(
    "postgresql",
    "PostgreSQL",
    {
        "text": "TEXT",
        "float": "DOUBLE PRECISION",
        "int": "BIGINT",
        "boolean": "BOOLEAN",
        "bytes": "BYTEA",
        "json": "JSONB",
    },
    text_length="char_length",
    bytes_length="octet_length",
    array_length="jsonb_array_length",
    is_postgresql=True,
    reserved_columns=frozenset(("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid")),
)
DIALECTS: Final = {dialect.name: dialect for dialect in (SQLITE, POSTGRESQL)}
