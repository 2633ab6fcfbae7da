"""A relational database as its catalogue describes it, in words that all engines share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TEXTS: Final = ("date", "time", "interval", "uuid", "address", "xml", "bits")
"""The kinds that have no type of ours, and are kept as the text that the database writes."""


@dataclass(frozen=True, slots=True)
class ColumnType:
    """What a column holds.

    `kind` is text, int, whole (a decimal of few digits), float, decimal, bool, bytes, json, timestamp, anything, array, enum,
    domain, unknown, or one of `TEXTS`. `written` is how the database writes the type.
    """

    kind: str
    written: str
    max_length: int | None = None
    """Of text: the most characters."""
    padded: bool = False
    """Of text: whether the database fills it up with spaces to `max_length`."""
    name: str = ""
    """Of an enum or a domain: its name in the catalogue."""
    element: ColumnType | None = None
    """Of an array."""


@dataclass(frozen=True, slots=True)
class Column:
    """`default` and `generated` are expressions, as the database writes them."""

    name: str
    type: ColumnType
    not_null: bool = False
    default: str | None = None
    generated: str | None = None
    numbered: bool = False
    """Whether the database counts it up: serial, identity, or the id of the row."""
    collation: str = ""
    """The name of a collation that the column asks for, if it is not the usual one."""
    description: str = ""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """`to_columns` is empty where the primary key of the other table is meant."""

    columns: tuple[str, ...]
    to_table: str
    to_columns: tuple[str, ...] = ()
    actions: str = ""
    """What happens to this row with the other one, such as `ON DELETE CASCADE`."""


@dataclass(frozen=True, slots=True)
class IndexPart:
    """A column of an index, or (with no `column`) an expression."""

    column: str | None
    descending: bool = False
    collation: str = ""


@dataclass(frozen=True, slots=True)
class TableIndex:
    """`name` is empty where nobody chose one; `where` is the condition of a partial index."""

    name: str
    parts: tuple[IndexPart, ...]
    unique: bool = False
    where: str = ""
    method: str = "btree"
    nulls_are_one: bool = False
    """Whether a unique index takes NULL for a value."""


@dataclass(frozen=True, slots=True)
class Table:
    """`checks` are the conditions of its CHECKs, as the database writes them.

    `loose_checks` are those that not every row has to meet.
    """

    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    indexes: tuple[TableIndex, ...] = ()
    checks: tuple[str, ...] = ()
    loose_checks: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Enum:
    name: str
    values: tuple[str, ...]
    description: str = ""


@dataclass(frozen=True, slots=True)
class Domain:
    """A named type with conditions, in which the value is called `VALUE`."""

    name: str
    type: ColumnType
    checks: tuple[str, ...] = ()
    loose_checks: tuple[str, ...] = ()
    not_null: bool = False
    default: str | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Other:
    """A part of a database that a schema has no place for, such as a view or a trigger."""

    kind: str
    name: str
    """Empty if it is of the table as a whole."""
    table: str = ""
    """The table that it belongs to, if there is one."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`place` names the database for people, without a password."""

    place: str
    tables: tuple[Table, ...]
    enums: tuple[Enum, ...] = ()
    domains: tuple[Domain, ...] = ()
    others: tuple[Other, ...] = ()
    brackets_quote: bool = False
    """Whether `[name]` in an expression is a quoted name, as in SQLite."""

    def underlying(self, type_: ColumnType) -> ColumnType:
        """The type without domains around it."""
        while type_.kind == "domain":
            found = (one.type for one in self.domains if one.name == type_.name)
            type_ = next(found)
        return type_
