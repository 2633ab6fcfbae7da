"""The catalogue of a PostgreSQL database, from the rows of `pg_catalog`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, TypeAlias

from . import postgres_queries as queries
from .catalogue import (
    Catalogue,
    Column,
    Domain,
    Enum,
    ForeignKey,
    IndexPart,
    Other,
    Table,
    TableIndex,
)
from .postgres_types import TypeRow, column_type
from .tokens import code, matching

Row: TypeAlias = tuple[Any, ...]
Ask: TypeAlias = Callable[[str, Sequence[object]], list[Row]]
"""Runs a query with values for its `%s`."""

_OTHERS: Final = {"v": "view", "m": "materialized view", "f": "foreign table"}
_ACTIONS: Final = {"c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
_DESCENDING: Final = 1
_LOOSE: Final = ("VALID", "ENFORCED")
"""The last word of a CHECK that is NOT VALID or NOT ENFORCED."""


def read_catalogue(ask: Ask, schema: str, place: str) -> Catalogue:
    """The tables of one schema by name, and the types that they use."""
    return _Reader(ask, schema).catalogue(place)


class _Reader:
    def __init__(self, ask: Ask, schema: str) -> None:
        self._schema = schema
        self._types = {
            row[0]: TypeRow(row[0], row[1], self._key(row[2], row[1]), *row[3:])
            for row in ask(queries.TYPES, ())
        }
        self._relations = ask(queries.RELATIONS, [schema])
        self._columns = _by_first(ask(queries.COLUMNS, [schema]))
        self._constraints = _by_first(ask(queries.CONSTRAINTS, [schema]))
        self._indexes = _by_first(ask(queries.INDEXES, [schema]))
        schemas = [schema] * queries.ATTACHED.count("%s")
        self._attached = ask(queries.ATTACHED, schemas)
        self._enums = ask(queries.ENUMS, ())
        self._domains = ask(queries.DOMAINS, ())

    def catalogue(self, place: str) -> Catalogue:
        tables = [row for row in self._relations if row[2] in ("r", "p")]
        others = [
            Other(_OTHERS[kind], name)
            for _, name, kind, _ in self._relations
            if kind in _OTHERS
        ]
        others += [
            Other(kind, name or "", table) for table, name, kind in self._attached
        ]
        return Catalogue(
            place,
            tuple(self._table(oid, name, text) for oid, name, _, text in tables),
            tuple(
                Enum(self._key(schema, name), tuple(values), text or "")
                for schema, name, values, text in self._enums
            ),
            tuple(map(self._domain, self._domains)),
            tuple(others),
        )

    def _key(self, schema: str, name: str) -> str:
        return name if schema == self._schema else f"{schema}.{name}"

    def _domain(self, row: Row) -> Domain:
        schema, name, base, modifier, written, not_null, default, checks, text = row
        return Domain(
            self._key(schema, name),
            column_type(base, modifier, written, self._types),
            *_conditions(checks),
            not_null,
            default,
            text or "",
        )

    def _table(self, oid: int, name: str, description: str | None) -> Table:
        columns = {row[1]: self._column(row) for row in self._columns[oid]}
        constraints = self._constraints[oid]
        primary = [row for row in constraints if row[1] == "p"]
        return Table(
            name,
            tuple(columns.values()),
            tuple(_names(primary[0][3], columns)) if primary else (),
            tuple(
                self._foreign_key(row, columns) for row in constraints if row[1] == "f"
            ),
            tuple(self._table_indexes(oid, name, columns)),
            *_conditions(row[8] for row in constraints if row[1] == "c"),
            description or "",
        )

    def _column(self, row: Row) -> Column:
        _, _, name, type_, modifier, dimensions, written, not_null = row[:8]
        identity, generated, default, collation, description = row[8:]
        base = self._types.get(type_)
        is_domain = base is not None and base.kind == "d"
        required_by_domain = is_domain and self._domain_not_null(type_)
        is_citext = base is not None and base.name == "citext"
        return Column(
            name,
            column_type(type_, modifier, written, self._types, dimensions),
            not_null or required_by_domain,
            None if generated else default,
            default if generated else None,
            numbered=bool(identity) or (default or "").startswith("nextval("),
            collation=collation or ("citext" if is_citext else ""),
            description=description or "",
        )

    def _domain_not_null(self, oid: int) -> bool:
        key = self._types[oid].key
        found = (row for row in self._domains if self._key(row[0], row[1]) == key)
        return any(row[5] for row in found)

    def _foreign_key(self, row: Row, columns: dict[int, Column]) -> ForeignKey:
        _, _, _, own, schema, table, there, actions, _ = row
        said = (
            f"{event} {_ACTIONS[action]}"
            for event, action in zip(("ON DELETE", "ON UPDATE"), actions, strict=True)
            if action in _ACTIONS
        )
        target = self._key(schema, table)
        return ForeignKey(
            tuple(_names(own, columns)), target, tuple(there), " ".join(said)
        )

    def _table_indexes(
        self, oid: int, table: str, columns: dict[int, Column]
    ) -> Iterator[TableIndex]:
        for row in self._indexes[oid]:
            _, name, unique, nulls_are_one, method, numbers, options, other, where = row
            parts = tuple(
                IndexPart(
                    columns[number].name if number else None,
                    bool(option & _DESCENDING),
                    collation or "",
                )
                for number, option, collation in zip(
                    numbers, options, other, strict=True
                )
            )
            written = "_".join(part.column or "expr" for part in parts)
            made_up = (f"{table}_{written}_key", f"{table}_{written}_idx")
            own = "" if name in made_up else name
            yield TableIndex(own, parts, unique, where or "", method, nulls_are_one)


def _by_first(rows: list[Row]) -> defaultdict[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found


def _names(numbers: Sequence[int], columns: dict[int, Column]) -> Iterator[str]:
    return (columns[number].name for number in numbers)


def _conditions(
    definitions: Iterable[str],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What each `CHECK (…)` holds: those that all rows meet, and the others."""
    strict: list[str] = []
    loose: list[str] = []
    for definition in definitions:
        found = code(definition)
        opening = next(i for i, token in enumerate(found) if token.text == "(")
        closing = matching(found, opening)
        text = definition[found[opening].end : found[closing].start]
        is_loose = any(token.is_word(*_LOOSE) for token in found[closing:])
        (loose if is_loose else strict).append(text)
    return tuple(strict), tuple(loose)
