"""The one text of a schema: sorted, a line per field, and back without loss.

Tables, types and functions are sorted by name, for their order has no meaning; fields, arms
and indexes keep theirs. What is empty or usual is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from json.encoder import encode_basestring as quoted
from typing import Any, Final, cast

from .model import (
    Function,
    Index,
    NamedType,
    Schema,
    SearchIndex,
    Table,
    VectorIndex,
)
from .types import (
    ANY,
    SCALARS,
    Array,
    Constrained,
    Constraint,
    Default,
    Doc,
    Field,
    Id,
    JsonValue,
    Literal,
    Named,
    Object,
    Record,
    Scalar,
    Type,
    Union,
)
from .values import decode, encode

_SCALARS: Final = {kind: quoted(kind) for kind in SCALARS}
_compact: Final = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, allow_nan=False
).encode


def to_json(schema: Schema) -> dict[str, Any]:
    """The schema as plain JSON values, which `loads` reads from text."""
    return cast("dict[str, Any]", json.loads(dumps(schema)))


def dumps(schema: Schema, tables: Mapping[str, str] | None = None) -> str:
    """The canonical text: equal schemas have equal texts, and it ends in a newline.

    `tables` are the texts of the tables by name, from one who has them already.
    """
    if tables is None:
        tables = {name: table_json(table) for name, table in schema.tables.items()}
    texts = [tables[name] for name in sorted(tables)]
    types = [_named_type(named) for _, named in sorted(schema.types.items())]
    validation = "true" if schema.schema_validation else "false"
    functions = [function_json(f) for _, f in sorted(schema.functions.items())]
    listed = _lines(map(_indented, functions), "  ")
    return (
        "{\n"
        + (f'  "functions": {listed},\n' if functions else "")
        + f'  "schemaValidation": {validation},\n'
        f'  "tables": {_lines(map(_indented, texts), "  ")},\n'
        f'  "types": {_lines(map(_indented, types), "  ")}\n'
        "}\n"
    )


def table_json(table: Table) -> str:
    """The canonical text of one table, without a newline at its end."""
    parts: list[str] = []
    if table.description:
        parts.append(f'"description": {quoted(table.description)}')
    parts.append(f'"document": {_block(table.document, "  ")}')
    if table.indexes:
        parts.append(f'"indexes": {_lines(map(_index, table.indexes), "  ")}')
    if table.model is not None:
        parts.append(f'"model": {quoted(table.model)}')
    parts.append(f'"name": {quoted(table.name)}')
    if table.renamed_from is not None:
        parts.append(f'"renamedFrom": {quoted(table.renamed_from)}')
    if table.search_indexes:
        lines = _lines(map(_search_index, table.search_indexes), "  ")
        parts.append(f'"searchIndexes": {lines}')
    if table.staged_document is not None:
        parts.append(f'"stagedDocument": {_block(table.staged_document, "  ")}')
    if table.vector_indexes:
        lines = _lines(map(_vector_index, table.vector_indexes), "  ")
        parts.append(f'"vectorIndexes": {lines}')
    return "{\n  " + ",\n  ".join(parts) + "\n}"


def function_json(function: Function) -> str:
    """The canonical text of one function, without a newline at its end."""
    parts: list[str] = []
    if function.args != ANY:
        parts.append(f'"args": {_block(function.args, "  ")}')
    if function.description:
        parts.append(f'"description": {quoted(function.description)}')
    parts.append(f'"kind": "{function.kind}"')
    parts.append(f'"path": {quoted(function.path)}')
    if function.returns is not None:
        parts.append(f'"returns": {_block(function.returns, "  ")}')
    if function.visibility != "public":
        parts.append(f'"visibility": "{function.visibility}"')
    return "{\n  " + ",\n  ".join(parts) + "\n}"


def _named_type(named: NamedType) -> str:
    parts: list[str] = []
    if named.description:
        parts.append(f'"description": {quoted(named.description)}')
    parts.append(f'"name": {quoted(named.name)}')
    parts.append(f'"type": {_block(named.type, "  ")}')
    return "{\n  " + ",\n  ".join(parts) + "\n}"


def _indented(text: str) -> str:
    # JSON escapes a newline in a string: every one here is between tokens.
    return text.replace("\n", "\n    ")


def _lines(items: Iterable[str], indent: str) -> str:
    glue = f",\n{indent}  "
    text = glue.join(items)
    return f"[\n{indent}  {text}\n{indent}]" if text else "[]"


def _block(node: Type, indent: str) -> str:
    """A type over several lines: a line per field, an object of a union after the other."""
    if isinstance(node, Object):
        fields = _lines(map(_field, node.fields), indent)
        name = "" if node.name is None else f', "name": {quoted(node.name)}'
        return f'{{"fields": {fields}{name}}}'
    if isinstance(node, Union) and any(isinstance(arm, Object) for arm in node.arms):
        arms = (_block(arm, indent + "  ") for arm in node.arms)
        return f'{{"union": {_lines(arms, indent)}}}'
    return _type(node)


def _type(node: Type) -> str:
    if isinstance(node, Scalar):
        return _SCALARS[node.kind]
    if isinstance(node, Literal):
        kind = _SCALARS[node.kind]
        return f'{{"kind": {kind}, "literal": {_plain(node.value)}}}'
    if isinstance(node, Union):
        return f'{{"union": [{", ".join(map(_type, node.arms))}]}}'
    if isinstance(node, Id):
        return f'{{"id": {quoted(node.table)}}}'
    if isinstance(node, Doc):
        return f'{{"doc": {quoted(node.table)}}}'
    if isinstance(node, Array):
        return f'{{"array": {_type(node.element)}}}'
    if isinstance(node, Named):
        return f'{{"named": {quoted(node.name)}}}'
    if isinstance(node, Object):
        name = "" if node.name is None else f', "name": {quoted(node.name)}'
        return f'{{"fields": [{", ".join(map(_field, node.fields))}]{name}}}'
    if isinstance(node, Record):
        return f'{{"key": {_type(node.key)}, "record": {_type(node.value)}}}'
    constraints = ", ".join(map(_constraint, node.constraints))
    return f'{{"constrained": {_type(node.inner)}, "constraints": [{constraints}]}}'


def _field(field: Field) -> str:
    text = f'"name": {quoted(field.name)}'
    if field.description:
        text = f'"description": {quoted(field.description)}, {text}'
    if field.default is not None:
        text = f'"default": {_compact(field.default.value)}, {text}'
    if field.optional:
        text += ', "optional": true'
    if field.renamed_from is not None:
        text += f', "renamedFrom": {quoted(field.renamed_from)}'
    return f'{{{text}, "type": {_type(field.type)}}}'


def _constraint(constraint: Constraint) -> str:
    return f'{{"kind": "{constraint.kind}", "value": {_plain(constraint.value)}}}'


def _plain(value: str | int | float | bool) -> str:
    """JSON that keeps 1 from 1.0, and has a form for NaN, infinities and -0.0."""
    if isinstance(value, str):
        return quoted(value)
    return _compact(encode(value) if isinstance(value, float) else value)


def _names(names: Iterable[str]) -> str:
    return f"[{', '.join(map(quoted, names))}]"


def _index(index: Index) -> str:
    text = f'"fields": {_names(index.fields)}, "name": {quoted(index.name)}'
    if index.staged:
        text += ', "staged": true'
    if index.unique:
        text += ', "unique": true'
    return f"{{{text}}}"


def _search_index(index: SearchIndex) -> str:
    staged = ', "staged": true' if index.staged else ""
    filters = f', "filters": {_names(index.filters)}' if index.filters else ""
    name = quoted(index.name)
    return f'{{"field": {quoted(index.field)}{filters}, "name": {name}{staged}}}'


def _vector_index(index: VectorIndex) -> str:
    staged = ', "staged": true' if index.staged else ""
    filters = f', "filters": {_names(index.filters)}' if index.filters else ""
    return (
        f'{{"dimensions": {index.dimensions}, "field": {quoted(index.field)}{filters}'
        f', "name": {quoted(index.name)}{staged}}}'
    )


def loads(text: str) -> Schema:
    """The schema whose canonical text this is. Raises ValueError if it is not such a text."""
    try:
        root = json.loads(text)
        return Schema(
            {json_["name"]: _read_table(json_) for json_ in root["tables"]},
            {json_["name"]: _read_named(json_) for json_ in root["types"]},
            root["schemaValidation"],
            {
                json_["path"]: _read_function(json_)
                for json_ in root.get("functions", ())
            },
        )
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise ValueError(f"not the canonical text of a schema: {error!r}") from error


def _read_table(json_: dict[str, Any]) -> Table:
    staged = json_.get("stagedDocument")
    return Table(
        json_["name"],
        _read_type(json_["document"]),
        tuple(_read_index(index) for index in json_.get("indexes", ())),
        tuple(_read_search_index(index) for index in json_.get("searchIndexes", ())),
        tuple(_read_vector_index(index) for index in json_.get("vectorIndexes", ())),
        json_.get("description", ""),
        json_.get("model"),
        json_.get("renamedFrom"),
        None if staged is None else _read_type(staged),
    )


def _read_named(json_: dict[str, Any]) -> NamedType:
    node = _read_type(json_["type"])
    return NamedType(json_["name"], node, json_.get("description", ""))


def _read_function(json_: dict[str, Any]) -> Function:
    returns = json_.get("returns")
    return Function(
        json_["path"],
        json_["kind"],
        json_.get("visibility", "public"),
        _read_type(json_.get("args", "any")),
        None if returns is None else _read_type(returns),
        json_.get("description", ""),
    )


def _read_index(json_: dict[str, Any]) -> Index:
    unique, staged = json_.get("unique", False), json_.get("staged", False)
    return Index(json_["name"], tuple(json_["fields"]), unique, staged)


def _read_search_index(json_: dict[str, Any]) -> SearchIndex:
    filters, staged = tuple(json_.get("filters", ())), json_.get("staged", False)
    return SearchIndex(json_["name"], json_["field"], filters, staged)


def _read_vector_index(json_: dict[str, Any]) -> VectorIndex:
    filters, staged = tuple(json_.get("filters", ())), json_.get("staged", False)
    dimensions = json_["dimensions"]
    return VectorIndex(json_["name"], json_["field"], dimensions, filters, staged)


def _read_type(json_: Any) -> Type:
    if isinstance(json_, str):
        return SCALARS[json_]
    if "fields" in json_:
        fields = tuple(_read_field(field) for field in json_["fields"])
        return Object(fields, json_.get("name"))
    if "literal" in json_:
        return Literal(json_["kind"], _read_plain(json_["literal"]))
    if "union" in json_:
        return Union(tuple(_read_type(arm) for arm in json_["union"]))
    if "id" in json_:
        return Id(json_["id"])
    if "doc" in json_:
        return Doc(json_["doc"])
    if "array" in json_:
        return Array(_read_type(json_["array"]))
    if "named" in json_:
        return Named(json_["named"])
    if "record" in json_:
        return Record(_read_type(json_["key"]), _read_type(json_["record"]))
    constraints = tuple(
        Constraint(constraint["kind"], _read_plain(constraint["value"]))
        for constraint in json_["constraints"]
    )
    return Constrained(_read_type(json_["constrained"]), constraints)


def _read_field(json_: dict[str, Any]) -> Field:
    return Field(
        json_["name"],
        _read_type(json_["type"]),
        json_.get("optional", False),
        Default(json_["default"]) if "default" in json_ else None,
        json_.get("description", ""),
        json_.get("renamedFrom"),
    )


def _read_plain(json_: Any) -> Any:
    return decode(cast("JsonValue", json_)) if isinstance(json_, dict) else json_
