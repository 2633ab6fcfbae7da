"""Hypothesis strategies: valid schemas, and documents that fit a type or just do not."""

from __future__ import annotations

import base64
import json
import math
import struct
from dataclasses import replace
from keyword import kwlist
from typing import Any

from hypothesis import strategies as st

from codegen.ir.checks.reach import Reach
from codegen.ir.fitting import fits
from codegen.ir.model import (
    Function,
    Index,
    NamedType,
    Schema,
    SearchIndex,
    Table,
    VectorIndex,
)
from codegen.ir.types import (
    ANY,
    BIGINT,
    NUMBER,
    SCALARS,
    STRING,
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
from codegen.ir.whole_documents import whole_document

Json = st.SearchStrategy[JsonValue]

_WORDS = (
    *("id", "type", "date", "from", "class", "global", "copy", "schema", "json"),
    *("str", "self", "list", "userId", "user_id", "HTTPServer", "a1", "x_", "A"),
    *("createdAt", "model_config", "dict", "values", "name", "items", "fields"),
)
_HOSTILE = ('"', "'", '"""', "\\", "\n", "{{", "{%", "#", "$", "é", "🔥", "\x00", "]")

identifiers = st.one_of(
    st.sampled_from(_WORDS),
    st.sampled_from([*kwlist, "print", "Any"]),
    st.text("abcXYZ_019", min_size=1, max_size=12).map(lambda text: "k" + text),
)
class_names = st.text("abcXYZ019_", max_size=8).map(lambda text: "M" + text)
texts = st.one_of(
    st.text(max_size=12), st.lists(st.sampled_from(_HOSTILE), max_size=4).map("".join)
)
ids = st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=31, max_size=32)
int64s = st.one_of(
    st.integers(-(2**63), 2**63 - 1), st.sampled_from([0, 1, -1, 2**53 + 1, 2**63 - 1])
)
floats = st.one_of(
    st.floats(), st.sampled_from([0.0, -0.0, 1.0, 1e16, math.inf, math.nan, 0.1])
)
field_names = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=8
).filter(lambda name: not name.startswith("$"))


def encoded_float(value: float) -> JsonValue:
    if math.isfinite(value) and (value != 0 or math.copysign(1, value) > 0):
        return value
    return {"$float": base64.b64encode(struct.pack("<d", value)).decode()}


def encoded_int64(value: int) -> JsonValue:
    data = value.to_bytes(8, "little", signed=True)
    return {"$integer": base64.b64encode(data).decode()}


def encoded_bytes(value: bytes) -> JsonValue:
    return {"$bytes": base64.b64encode(value).decode()}


# JSON has one kind of number: a whole one may be written without a fraction.
_numbers = floats.map(encoded_float) | st.integers(-(2**53), 2**53)
_leaves: dict[str, Json] = {
    "string": texts,
    "number": _numbers,
    "boolean": st.booleans(),
    "null": st.none(),
    "bytes": st.binary(max_size=9).map(encoded_bytes),
    "bigint": int64s.map(encoded_int64),
    "commitTs": int64s.map(encoded_int64),
}
_anything: Json = st.recursive(
    st.one_of(*_leaves.values()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(field_names, inner, max_size=3)
    ),
    max_leaves=6,
)
_leaves["any"] = _anything


def documents(node: Type, schema: Schema) -> Json:
    """Encoded JSON that fits the type; a strategy without values for the type of no value."""
    if isinstance(node, Scalar):
        return _leaves[node.kind]
    if isinstance(node, Literal):
        return st.just(_encoded_literal(node))
    if isinstance(node, Id):
        return ids
    if isinstance(node, Named):
        return documents(schema.types[node.name].type, schema)
    if isinstance(node, Doc):
        return documents(whole_document(node.table, schema), schema)
    if isinstance(node, Union):
        return st.one_of(*(documents(arm, schema) for arm in node.arms))
    if isinstance(node, Array):
        items = documents(node.element, schema)
        return st.just([]) if items.is_empty else st.lists(items, max_size=3)
    if isinstance(node, Record):
        keys, values = _keys(node.key, schema), documents(node.value, schema)
        if keys.is_empty or values.is_empty:
            return st.just({})
        return st.dictionaries(keys, values, max_size=3)
    if isinstance(node, Constrained):
        return _constrained(node, schema)
    required: dict[str, Json] = {}
    optional: dict[str, Json] = {}
    for field in node.fields:
        values = documents(field.type, schema)
        if not field.optional:
            required[field.name] = values
        elif not values.is_empty:
            optional[field.name] = values
    if any(values.is_empty for values in required.values()):
        return st.nothing()
    return st.fixed_dictionaries(required, optional=optional)


def near_misses(node: Type, schema: Schema) -> Json:
    """Encoded JSON that does not fit the type, though most of it does.

    Not for types that every value fits.
    """
    valid = documents(node, schema)
    start = _anything if valid.is_empty else valid
    return start.flatmap(_changed).filter(lambda value: not fits(value, node, schema))


def _changed(value: JsonValue) -> Json:
    """The value with one change somewhere."""
    ways: list[Json] = [_anything]
    if isinstance(value, dict) and not any(name.startswith("$") for name in value):
        ways.append(_anything.map(lambda extra: {**value, "unheardOf": extra}))
        for name, item in value.items():
            rest = {n: v for n, v in value.items() if n != name}
            ways.append(st.just(rest))
            ways.append(st.just({**value, name: None}))
            ways.append(_with_item(rest, name, item))
    elif isinstance(value, list) and value:
        tail: list[JsonValue] = value[1:]
        ways.append(_changed(value[0]).map(lambda first: [first, *tail]))
    return st.one_of(*ways)


def _with_item(rest: dict[str, JsonValue], name: str, item: JsonValue) -> Json:
    return st.deferred(lambda: _changed(item).map(lambda new: {**rest, name: new}))


def _encoded_literal(literal: Literal) -> JsonValue:
    if literal.kind == "bigint":
        return encoded_int64(int(literal.value))
    if literal.kind == "number":
        return encoded_float(float(literal.value))
    return literal.value


def _keys(node: Type, schema: Schema) -> st.SearchStrategy[str]:
    if isinstance(node, Named):
        return _keys(schema.types[node.name].type, schema)
    if isinstance(node, Union):
        return st.one_of(*(_keys(arm, schema) for arm in node.arms))
    return ids if isinstance(node, Id) else field_names


def _constrained(node: Constrained, schema: Schema) -> Json:
    """Within the constraints that `types` below gives out; others are filtered for."""
    low = {c.kind: c.value for c in node.constraints}
    if node.inner == STRING and "minLength" in low:
        return st.text(min_size=int(low["minLength"]), max_size=int(low["maxLength"]))
    if node.inner == STRING and "pattern" in low:
        return st.from_regex(str(low["pattern"]))
    if node.inner == BIGINT and "ge" in low:
        return st.integers(int(low["ge"]), int(low["le"])).map(encoded_int64)
    if node.inner == NUMBER and "gt" in low:
        bounds = st.floats(float(low["gt"]), float(low["lt"]), exclude_min=True)
        return bounds.filter(lambda x: x < float(low["lt"])).map(encoded_float)
    return documents(node.inner, schema).filter(lambda x: fits(x, node, schema))


literals = st.one_of(
    texts,
    st.booleans(),
    int64s,
    st.floats(allow_nan=False, allow_infinity=False),
).map(Literal.of)
_constraints = st.sampled_from(
    [
        Constrained(NUMBER, (Constraint("gt", -1.5), Constraint("lt", 10))),
        Constrained(BIGINT, (Constraint("ge", 0), Constraint("le", 100))),
        Constrained(STRING, (Constraint("minLength", 1), Constraint("maxLength", 5))),
        Constrained(STRING, (Constraint("pattern", r"^[a-z]+-[0-9]"),)),
        Constrained(Array(STRING), (Constraint("maxLength", 2),)),
    ]
)


@st.composite
def objects(draw: st.DrawFn, inner: st.SearchStrategy[Type]) -> Object:
    """Objects of a few fields."""
    names = draw(st.lists(identifiers, max_size=5, unique=True))
    fields = [
        Field(
            name,
            draw(inner),
            optional=draw(st.booleans()),
            description=draw(st.just("") | texts),
        )
        for name in names
    ]
    name = draw(st.none() | class_names)
    return Object(tuple(fields), name)


def types(
    tables: list[str], named: list[str], max_leaves: int = 8
) -> st.SearchStrategy[Type]:
    """Types with ids of the given tables and the given names."""
    leaves: list[st.SearchStrategy[Type]] = [
        st.sampled_from([*SCALARS.values()]),
        literals,
        _constraints,
        st.lists(literals, min_size=2, max_size=4).map(lambda a: Union(tuple(a))),
    ]
    keys: st.SearchStrategy[Type] = st.just(STRING)
    if tables:
        leaves.append(st.sampled_from(tables).map(Id))
        keys |= st.sampled_from(tables).map(Id)
    if named:
        leaves.append(st.sampled_from(named).map(Named))
    return st.recursive(
        st.one_of(*leaves),
        lambda inner: st.one_of(
            inner.map(Array),
            st.builds(Record, keys, inner),
            st.lists(inner, max_size=4).map(lambda arms: Union(tuple(arms))),
            objects(inner),
        ),
        max_leaves=max_leaves,
    )


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    """Schemas without faults."""
    tables = draw(st.lists(identifiers, max_size=4, unique=True))
    names = draw(st.lists(class_names, max_size=3, unique=True))
    named: dict[str, NamedType] = {}
    for name in names:
        node = draw(types(tables, [*named]))
        named[name] = NamedType(name, node, draw(st.just("") | texts))
    schema = Schema({}, named, draw(st.booleans()))
    inner = types(tables, names)
    found = {name: draw(_tables(name, inner, schema)) for name in tables}
    return Schema(found, named, schema.schema_validation)


@st.composite
def with_functions(draw: st.DrawFn, schema: Schema) -> Schema:
    """The same schema with a few functions, some of which return whole documents."""
    inner = types([*schema.tables], [*schema.types])
    results: st.SearchStrategy[Type] = inner
    if schema.tables:
        whole = st.sampled_from([*schema.tables]).map(Doc)
        results |= whole | whole.map(Array)
    modules = st.lists(identifiers, min_size=1, max_size=3).map("/".join)
    functions: dict[str, Function] = {}
    for module in draw(st.lists(modules, max_size=3)):
        path = f"{module}:{draw(identifiers)}"
        functions[path] = Function(
            path,
            draw(st.sampled_from(["query", "mutation", "action"])),
            draw(st.sampled_from(["public", "internal"])),
            draw(st.just(ANY) | objects(inner)),
            draw(st.none() | results),
            draw(st.just("") | texts),
        )
    return replace(schema, functions=functions)


@st.composite
def _tables(
    draw: st.DrawFn, name: str, inner: st.SearchStrategy[Type], schema: Schema
) -> Table:
    shape = objects(inner).map(lambda node: _with_vector(node))
    document: Type = draw(
        st.one_of(
            shape.flatmap(lambda node: _with_defaults(node, schema)),
            st.lists(shape, min_size=1, max_size=3).map(lambda a: Union(tuple(a))),
            st.just(ANY),
        )
    )
    reach = Reach(document, schema)
    paths = reach.field_names() or (["somewhere"] if document == ANY else [])
    names = iter(draw(st.lists(class_names, min_size=5, max_size=5, unique=True)))
    indexes: list[Index] = []
    searches: list[SearchIndex] = []
    vectors: list[VectorIndex] = []
    if paths:
        for fields in draw(
            st.lists(
                st.lists(st.sampled_from(paths), min_size=1, max_size=3, unique=True),
                max_size=3,
                unique_by=tuple,
            )
        ):
            form = draw(st.sampled_from(["plain", "unique", "staged"]))
            unique, staged = form == "unique", form == "staged"
            indexes.append(Index(next(names), tuple(fields), unique, staged))
        if draw(st.booleans()):
            filters = draw(st.lists(st.sampled_from(paths), max_size=2, unique=True))
            field, staged = draw(st.sampled_from(paths)), draw(st.booleans())
            searches.append(SearchIndex(next(names), field, tuple(filters), staged))
    if "embedding" in paths:
        vectors.append(VectorIndex(next(names), "embedding", 2, ("embedding",)))
    return Table(
        name,
        document,
        tuple(indexes),
        tuple(searches),
        tuple(vectors),
        description=draw(st.just("") | texts),
        model=draw(st.none() | class_names),
        renamed_from=draw(st.none() | st.just(f"was_{name}")),
    )


def _with_vector(node: Object) -> Object:
    if len(node.fields) < 3:
        return node
    return Object((*node.fields, Field("embedding", Array(NUMBER))), node.name)


@st.composite
def _with_defaults(draw: st.DrawFn, node: Object, schema: Schema) -> Object:
    fields: list[Field] = []
    for field in node.fields:
        values = documents(field.type, schema)
        if values.is_empty or not draw(st.booleans()):
            fields.append(field)
            continue
        default = Default(draw(values))
        was: Any = draw(st.none() | st.just(f"was_{field.name}"))
        fields.append(
            Field(
                field.name, field.type, field.optional, default, field.description, was
            )
        )
    return Object(tuple(fields), node.name)


def same_json(left: object, right: object) -> bool:
    """Equality that tells 1 from True, though not from 1.0."""
    return json.dumps(_floated(left), sort_keys=True) == json.dumps(
        _floated(right), sort_keys=True
    )


def _floated(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _floated(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_floated(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value
