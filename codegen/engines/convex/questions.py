"""What the functions of `convex/tablewright.ts` are asked: queries and changes as arguments."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal, NamedTuple, TypeAlias, cast

from codegen.ir.types import JsonValue
from codegen.ir.values import encode
from codegen.runtime.presence import REMOVE_FORM, Absent
from codegen.runtime.queries import Query
from codegen.runtime.ranges import Bound, Range

from ..bounds import IndexField, check_bounds
from ..indexes import StoredIndex
from ..tables import StoredTable

MODULE: Final = "tablewright"
"""The module of the deployment whose functions these are."""

Arguments: TypeAlias = dict[str, JsonValue]
Operator: TypeAlias = Literal["eq", "gt", "gte", "lt", "lte"]


class Question(NamedTuple):
    """A call of one of the functions."""

    kind: Literal["query", "mutation", "action"]
    name: str
    arguments: Arguments

    @property
    def function(self) -> str:
        return f"{MODULE}:{self.name}"


def stretch(table: StoredTable[Any], query: Query[Any]) -> Arguments:
    """The part of an index that a query reads."""
    index = table.by_name[query.index]
    check_bounds(query.index, index.fields, query.bounds)
    conditions: list[JsonValue] = [*_conditions(index, query.bounds)]
    return {
        "table": table.name,
        "index": query.index,
        "bounds": conditions,
        "order": query.direction,
    }


def insertion(table: StoredTable[Any], fields: str) -> Arguments:
    """A change that stores a new document; `fields` is its JSON."""
    return _change("insert", table, fields=json.loads(fields), unique=_unique(table))


def patching(table: StoredTable[Any], id: str, fields: str) -> Arguments:
    """A change of some fields, some of which may be removed."""
    changes: Arguments = json.loads(fields)
    removed = [name for name, value in changes.items() if value == REMOVE_FORM]
    kept = {name: value for name, value in changes.items() if name not in removed}
    return _change(
        "patch", table, id=id, fields=kept, removed=removed, unique=_unique(table)
    )


def replacement(table: StoredTable[Any], id: str, fields: str) -> Arguments:
    """A change that puts another document in the place of one."""
    return _change(
        "replace", table, id=id, fields=json.loads(fields), unique=_unique(table)
    )


def deletion(table: StoredTable[Any], id: str) -> Arguments:
    return _change("delete", table, id=id)


def _change(op: str, table: StoredTable[Any], **rest: Any) -> Arguments:
    return {"op": op, "table": table.name, **rest}


def _unique(table: StoredTable[Any]) -> list[JsonValue]:
    """The indexes whose values a deployment does not keep apart by itself."""
    return [
        {"index": index.name, "fields": [*index.definition.fields]}
        for index in table.unique
    ]


def _conditions(index: StoredIndex, bounds: Sequence[object]) -> Iterator[Arguments]:
    for field, bound in zip(index.fields, bounds, strict=False):
        if isinstance(bound, Range):
            range_ = cast("Range[object]", bound)
            if range_.lower is not None:
                yield _end(field, range_.lower, "gte", "gt")
            if range_.upper is not None:
                yield _end(field, range_.upper, "lte", "lt")
        else:
            yield _condition("eq", field, bound)


def _end(
    field: IndexField, end: Bound[object], inclusive: Operator, exclusive: Operator
) -> Arguments:
    return _condition(inclusive if end.inclusive else exclusive, field, end.value)


def _condition(operator: Operator, field: IndexField, bound: object) -> Arguments:
    """What is absent is said by having no value."""
    value = field.value(bound)
    condition: Arguments = {"op": operator, "field": ".".join(field.path)}
    if not isinstance(value, Absent):
        condition["value"] = encode(value)
    return condition
