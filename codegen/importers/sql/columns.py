"""Columns as fields."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from codegen.ir.fitting import misfit
from codegen.ir.types import (
    ANY,
    NULL,
    SCALARS,
    Array,
    Default,
    Field,
    Id,
    JsonValue,
    Literal,
    Type,
    Union,
)
from codegen.ir.values import decode, encode
from codegen.language.native_writer_defaults import default_literal

from .catalogue import Column, Table
from .conditions import Restriction
from .constant_values import Constant, constant, without_casts
from .references import References
from .report import CONDITION, DEFAULT, Report
from .restrictions import restricted
from .tokens import code, split, without_brackets
from .types import Types


@dataclass(frozen=True, slots=True)
class Columns:
    """Makes the fields of one table."""

    table: Table
    types: Types
    references: References
    report: Report
    brackets_quote: bool
    restrictions: dict[str, list[Restriction]] = field(
        default_factory=dict[str, list[Restriction]]
    )
    """What CHECKs demand, by the column."""

    def field(self, column: Column, name: str) -> Field:
        place = f"{self.table.name}.{column.name}"
        wanted = self.restrictions.get(column.name, [])
        required = column.not_null or column.name in self.table.primary_key
        required = required or any(one.kind == "notNull" for one in wanted)
        wanted = [one for one in wanted if one.kind != "notNull"]
        node = self._type(column, wanted, place)
        whole = node if required else _or_null(node)
        default = self._default(column, node, whole, place)
        # NULL is null in a row, and may be left out of a new document as it is of an INSERT.
        return Field(
            name,
            whole,
            optional=not required,
            default=default,
            description=column.description,
        )

    def _type(self, column: Column, wanted: Sequence[Restriction], place: str) -> Type:
        target = self.references.target(self.table, column.name)
        if target is not None:
            self._left(wanted, place)
            return Id(target)
        node = self.types.of(column.type, place)
        if column.collation:
            message = f"COLLATE {column.collation} is left out: texts differ here if a character does"
            self.report.lost(CONDITION, place, message)
            self._left([one for one in wanted if one.kind == "oneOf"], place)
            wanted = [one for one in wanted if one.kind != "oneOf"]
        made, left = restricted(node, self.types.base(node), wanted)
        self._left(left, place)
        return made

    def _left(self, restrictions: Sequence[Restriction], place: str) -> None:
        for text in dict.fromkeys(one.text for one in restrictions):
            self.report.lost(CONDITION, place, f"CHECK ({text}) is left out")

    def _default(
        self, column: Column, node: Type, whole: Type, place: str
    ) -> Default | None:
        if column.default is None or column.numbered:
            return None
        found = without_brackets(
            code(column.default, brackets_quote=self.brackets_quote)
        )
        plain = without_casts(found)
        value = constant(plain, quoted=True)
        if value is not None and value.is_null:
            return None
        try:
            if value is not None:
                made = Default(self._encoded(value, node))
            elif plain and plain[0].is_word("ARRAY"):
                listed = [constant(one) for one in split(plain[2:-1], ",") if one]
                made = Default([self._item(one, node) for one in listed])
            else:
                raise ValueError("it is computed by the database")
            if reason := misfit(made.value, whole, self.types.schema()):
                raise ValueError(reason)
            default_literal(made, whole, self.types.schema())
            return made
        except (ValueError, RecursionError) as error:
            text = " ".join(column.default.split())
            self.report.lost(DEFAULT, place, f"DEFAULT {text} is left out: {error}")
            return None

    def _encoded(self, value: Constant, node: Type) -> JsonValue:
        base = self.types.base(node)
        if isinstance(base, Id):
            raise ValueError("it names a row, not a document")
        if base == ANY:
            return _of_json(value)
        if isinstance(base, Array) and value.text.strip() == "{}":
            return []
        if isinstance(base, Union):
            base = base.arms[0]
        if isinstance(base, Literal):
            base = SCALARS[base.kind]
        return encode(value.value(base))

    def _item(self, value: Constant | None, node: Type) -> JsonValue:
        base = self.types.base(node)
        if value is None or not isinstance(base, Array):
            raise ValueError("it is computed by the database")
        return self._encoded(value, base.element)


def _or_null(node: Type) -> Type:
    if node == ANY:
        return ANY
    arms = node.arms if isinstance(node, Union) else (node,)
    return Union((*arms, NULL))


def _of_json(value: Constant) -> JsonValue:
    """The default of a column of JSON, whose text is JSON."""
    if value.kind not in ("string", "number"):
        raise ValueError("it is no JSON")
    loaded: JsonValue = json.loads(value.text)
    decode(loaded)
    return loaded
