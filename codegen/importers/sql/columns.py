"""Columns as fields."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

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

from .array_values import array_items
from .catalogue import Catalogue, Column, ColumnType, Table
from .conditions import Restriction
from .constant_values import Constant, constant, without_casts
from .references import References
from .report import CONDITION, DEFAULT, Report
from .restrictions import padded, restricted, with_padding
from .tokens import code, split, without_brackets
from .types import Types

_COMPUTED: Final = "it is computed by the database"


@dataclass(frozen=True, slots=True)
class Columns:
    """Makes the fields of one table."""

    table: Table
    types: Types
    references: References
    report: Report
    catalogue: Catalogue
    restrictions: dict[str, list[Restriction]] = field(
        default_factory=dict[str, list[Restriction]]
    )
    """What CHECKs demand, by the column."""

    def field(self, column: Column, name: str) -> Field:
        place = f"{self.table.name}.{column.name}"
        wanted = self.restrictions.get(column.name, [])
        required = column.not_null or any(one.kind == "notNull" for one in wanted)
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
        wanted, unsuited = padded(self.catalogue.underlying(column.type), wanted)
        made, left = restricted(node, self.types.base(node), wanted)
        self._left([*unsuited, *left], place)
        return made

    def _left(self, restrictions: Sequence[Restriction], place: str) -> None:
        for text in dict.fromkeys(one.text for one in restrictions):
            self.report.lost(CONDITION, place, f"CHECK ({text}) is left out")

    def _default(
        self, column: Column, node: Type, whole: Type, place: str
    ) -> Default | None:
        if column.numbered:
            message = "the database counts it up; here every new document has to say it"
            self.report.lost(DEFAULT, place, message)
            return None
        if column.default is None:
            return None
        try:
            made = self._value(column.default, column.type, node)
            if made is None:
                return None
            if reason := misfit(made.value, whole, self.types.schema()):
                raise ValueError(reason)
            default_literal(made, whole, self.types.schema())
            return made
        except (ValueError, RecursionError) as error:
            is_deep = isinstance(error, RecursionError)
            reason = "it is nested too deeply" if is_deep else str(error)
            text = " ".join(column.default.split())
            self.report.lost(DEFAULT, place, f"DEFAULT {text} is left out: {reason}")
            return None

    def _value(self, text: str, type_: ColumnType, node: Type) -> Default | None:
        """None if it is NULL. Raises ValueError if it is no constant, or of another type."""
        found = code(text, brackets_quote=self.catalogue.brackets_quote)
        plain = without_casts(without_brackets(found))
        value = constant(plain, quoted=True)
        type_ = self.catalogue.underlying(type_)
        if type_.element is None:
            if value is None:
                raise ValueError(_COMPUTED)
            return None if value.is_null else Default(self._encoded(value, type_, node))
        if value is not None and value.is_null:
            return None
        inner = self.types.base(node)
        if not isinstance(inner, Array):
            raise ValueError("it is an array")
        items: list[Constant | None] = []
        if value is not None:
            items += array_items(value.text)
        elif plain and plain[0].is_word("ARRAY"):
            items += [constant(one) for one in split(plain[2:-1], ",") if one]
        else:
            raise ValueError(_COMPUTED)
        listed: list[JsonValue] = []
        for item in items:
            if item is None:
                raise ValueError(_COMPUTED)
            listed.append(self._encoded(item, type_.element, inner.element))
        return Default(listed)

    def _encoded(self, value: Constant, type_: ColumnType, node: Type) -> JsonValue:
        base = self.types.base(node)
        if isinstance(base, Id):
            raise ValueError("it names a row, not a document")
        if base == ANY:
            return _of_json(value)
        if isinstance(base, Union):
            base = base.arms[0]
        if isinstance(base, Literal):
            base = SCALARS[base.kind]
        return encode(with_padding(type_, value).value(base))


def _or_null(node: Type) -> Type:
    if node == ANY:
        return ANY
    arms = node.arms if isinstance(node, Union) else (node,)
    return Union((*arms, NULL))


def _of_json(value: Constant) -> JsonValue:
    """The default of a column of JSON, whose text is JSON."""
    if value.kind not in ("string", "number"):
        raise ValueError("it is no JSON")
    try:
        loaded: JsonValue = json.loads(value.text, parse_constant=_refuse)
    except ValueError:
        raise ValueError("it is no JSON") from None
    decode(loaded)
    return loaded


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
