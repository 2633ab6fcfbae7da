"""The types of PostgreSQL's columns, from their rows in `pg_type`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .catalogue import ColumnType

_KINDS: Final = {
    **dict.fromkeys(("int2", "int4", "int8", "oid"), "int"),
    **dict.fromkeys(("float4", "float8"), "float"),
    **dict.fromkeys(("numeric", "money"), "decimal"),
    **dict.fromkeys(("text", "varchar", "bpchar", "name", "char", "citext"), "text"),
    **dict.fromkeys(("json", "jsonb"), "json"),
    **dict.fromkeys(("timestamp", "timestamptz"), "timestamp"),
    **dict.fromkeys(("time", "timetz"), "time"),
    **dict.fromkeys(("inet", "cidr", "macaddr", "macaddr8"), "address"),
    **dict.fromkeys(("bit", "varbit"), "bits"),
    **{name: name for name in ("bool", "date", "interval", "uuid", "xml")},
    "bytea": "bytes",
}
_MOST_DIGITS: Final = 18
"""So many digits fit in 64 bits."""
_HEADER: Final = 4
"""What PostgreSQL adds to a length in a `typmod`."""


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A row of `pg_type`; `key` is its name, with the schema if it is another one."""

    oid: int
    name: str
    key: str
    kind: str
    """`e` for an enum, `d` for a domain, `b` for a base type, …"""
    element: int
    """The type of the elements of an array; 0 otherwise."""


def column_type(
    oid: int,
    modifier: int,
    written: str,
    rows: Mapping[int, TypeRow],
    dimensions: int = 1,
) -> ColumnType:
    """The type of a column; `written` is what `format_type` makes of it.

    `dimensions` are those that an array was declared with, which PostgreSQL takes for a comment.
    """
    row = rows.get(oid)
    if row is None:
        return ColumnType("unknown", written)
    if row.element:
        inner = written.removesuffix("[]")
        element = column_type(row.element, modifier, inner, rows)
        for _ in range(dimensions - 1):
            element = ColumnType("array", written, element=element)
        return ColumnType("array", written, element=element)
    if row.kind in ("e", "d"):
        kind = "enum" if row.kind == "e" else "domain"
        return ColumnType(kind, written, name=row.key)
    kind = _KINDS.get(row.name, "unknown")
    if kind == "text" and row.name in ("varchar", "bpchar") and modifier > _HEADER:
        length = modifier - _HEADER
        return ColumnType(kind, written, length, padded=row.name == "bpchar")
    if row.name == "numeric" and modifier > _HEADER and _is_whole(modifier - _HEADER):
        kind = "int"
    return ColumnType(kind, written)


def _is_whole(modifier: int) -> bool:
    precision, scale = modifier >> 16, modifier & 0x7FF
    return scale == 0 and precision <= _MOST_DIGITS
