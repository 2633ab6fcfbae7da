"""JSON Schemas of types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from codegen.ir.discriminator import tags
from codegen.ir.model import Schema
from codegen.ir.notation import constraint_notation
from codegen.ir.types import (
    BIGINT,
    BYTES,
    NUMBER,
    Array,
    Constrained,
    Constraint,
    Doc,
    Field,
    Id,
    Literal,
    Named,
    Object,
    Record,
    Scalar,
    Type,
    Union,
)
from codegen.ir.values import encode

from . import forms as json_forms
from .forms import Json, among, described, literal_form
from .patterns import portable

NEVER: Final[Json] = {"not": {}}
_KEY: Final = r"^([ -#%-~][ -~]{0,1023})?$"
_BOUNDS: Final = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
}


def key_schema(pattern: str = _KEY) -> Json:
    """What the key of a record may be: printable ASCII that no `$` leads, unless said."""
    return {"pattern": pattern, "type": "string"}


class JsonTypes:
    """Writes types, and collects the definitions that they refer to.

    A place is the name that an object there gets if it has none of its own.
    """

    def __init__(
        self,
        schema: Schema,
        free_name: Callable[[str], str],
        documents: Mapping[str, str],
        root: str,
        *,
        discriminators: bool,
    ) -> None:
        """`free_name` gives a name of a definition that nobody has, at best the one asked for.

        `documents` has the definition of each table's documents, `root` is where definitions stand,
        and `discriminators` says whether to write those of OpenAPI.
        """
        self._schema = schema
        self._free_name = free_name
        self._documents = documents
        self._root = root
        self._discriminators = discriminators
        self._forms: dict[str, str] = {}
        # By identity: a stored document and a new one share the very objects inside.
        self._objects: dict[int, str] = {}
        self._definitions: dict[str, Json] = {}

    def reference(self, definition: str) -> Json:
        return {"$ref": f"{self._root}{definition}"}

    def definitions(self) -> dict[str, Json]:
        """The shared forms, and the objects inside, that were referred to."""
        return self._definitions

    def define(self, node: Type, name: str) -> Json:
        """The definition of a type by that name."""
        if isinstance(node, Object):
            return self.object(node.fields, name)
        return self.of(node, name)

    def of(self, node: Type, place: str) -> Json:
        """The JSON Schema of a type."""
        return _any_of(self._alternatives(node, place))

    def one_of(self, kinds: Sequence[tuple[Json, Object | None]]) -> Json:
        """One of some definitions, each with the object that it stands for.

        In OpenAPI, with the field that tells them apart, if there is one.
        """
        references = [reference for reference, _ in kinds]
        shapes = [shape for _, shape in kinds if shape is not None]
        if self._discriminators and len(shapes) == len(kinds):
            found = tags(shapes, self._schema)
            if found is not None:
                name, values = found
                mapping = {
                    value: reference["$ref"]
                    for reference, own in zip(references, values, strict=True)
                    for value in own
                }
                discriminator = {"mapping": mapping, "propertyName": name}
                return {"discriminator": discriminator, "oneOf": references}
        return _any_of(references)

    def object(self, fields: Iterable[Field], place: str, *, new: bool = False) -> Json:
        """A closed object; in a new document, a field with a default may be left out."""
        properties: dict[str, Json] = {}
        required: list[str] = []
        for field in fields:
            value = self.of(field.type, f"{place}_{field.name}")
            if field.optional and value == NEVER:
                continue  # it is always absent
            value = described(value, field.description)
            if new and field.default is not None:
                value["default"] = field.default.value
                value = dict(sorted(value.items()))
            elif not field.optional:
                required.append(field.name)
            properties[field.name] = value
        whole: Json = {"additionalProperties": False, "properties": properties}
        if required:
            whole["required"] = required
        whole["type"] = "object"
        return whole

    def any(self) -> Json:
        """Any value that Convex can hold, all the way down."""
        known = self._forms.get("Value")
        if known is not None:
            return self.reference(known)
        itself = self._form("Value", {})
        self._definitions[self._forms["Value"]] = {
            "anyOf": [
                *({"type": kind} for kind in ("null", "boolean", "number", "string")),
                self._form("Int64", json_forms.INT64),
                self._form("Bytes", json_forms.BYTES),
                self._form("SpecialFloat", json_forms.SPECIAL_FLOAT),
                {"items": itself, "type": "array"},
                _record(key_schema(), itself),
            ],
            "description": "Any value.",
        }
        return itself

    def _alternatives(self, node: Type, place: str) -> list[Json]:
        """What the values of a type may be; none if it has no values."""
        if isinstance(node, Scalar):
            return self._scalar(node)
        if isinstance(node, Union):
            return self._union(node, place)
        if isinstance(node, Literal):
            return _literals([node])
        if isinstance(node, Id):
            description = f"The id of a document of `{node.table}`."
            return [{"description": description, "type": "string"}]
        if isinstance(node, Array):
            return [_array(self.of(node.element, place))]
        if isinstance(node, Named):
            return [self.reference(node.name)]
        if isinstance(node, Object):
            return [self._object(node, place)]
        if isinstance(node, Doc):
            return [self.reference(self._documents[node.table])]
        if isinstance(node, Record):
            key = self._key(node.key, place)
            return [_record(key, self.of(node.value, place))]
        return self._constrained(node, place)

    def _scalar(self, node: Scalar) -> list[Json]:
        match node.kind:
            case "number":
                special = self._form("SpecialFloat", json_forms.SPECIAL_FLOAT)
                return [{"type": "number"}, special]
            case "bigint" | "commitTs":
                return [self._form("Int64", json_forms.INT64)]
            case "bytes":
                return [self._form("Bytes", json_forms.BYTES)]
            case "any":
                return [self.any()]
            case _:
                return [{"type": node.kind}]

    def _union(self, union: Union, place: str) -> list[Json]:
        """The alternatives of all arms; literals are gathered where the first one stands."""
        arms = list(_flat(union))
        literals = [arm for arm in arms if isinstance(arm, Literal)]
        objects = [arm for arm in arms if self._is_object(arm)]
        apart = self._told_apart(objects, place)
        alternatives: list[Json] = []
        for arm in arms:
            if isinstance(arm, Literal):
                if arm is literals[0]:
                    alternatives += _literals(literals)
            elif apart is None or arm not in objects:
                alternatives += self._alternatives(arm, place)
            elif arm is objects[0]:
                alternatives.append(apart)
        return alternatives

    def _told_apart(self, objects: list[Type], place: str) -> Json | None:
        """The objects of a union as one alternative, if OpenAPI's discriminator suits them."""
        if not self._discriminators or len(objects) < 2:
            return None
        kinds = [
            (self._alternatives(arm, place)[0], self._shape(arm)) for arm in objects
        ]
        whole = self.one_of(kinds)
        return whole if "discriminator" in whole else None

    def _shape(self, node: Type) -> Object | None:
        while isinstance(node, Named):
            node = self._schema.types[node.name].type
        return node if isinstance(node, Object) else None

    def _is_object(self, node: Type) -> bool:
        return self._shape(node) is not None

    def _object(self, node: Object, place: str) -> Json:
        name = self._objects.get(id(node))
        if name is None:
            name = self._objects[id(node)] = self._free_name(node.name or place)
            self._definitions[name] = self.object(node.fields, name)
        return self.reference(name)

    def _key(self, key: Type, place: str) -> Json:
        text = self.of(key, place)
        if text.get("type") == "string" and "pattern" not in text:
            return dict(sorted({**text, **key_schema()}.items()))
        return {"allOf": [text], **key_schema()}

    def _constrained(self, node: Constrained, place: str) -> list[Json]:
        base: Type = node
        constraints: list[Constraint] = []
        while isinstance(base, (Named, Constrained)):
            if isinstance(base, Named):
                base = self._schema.types[base.name].type
            else:
                constraints += base.constraints
                base = base.inner
        if base == BYTES:
            return json_forms.bytes_of_length(constraints)
        if base == NUMBER:
            number = _restricted({"type": "number"}, constraints)
            return [number, *json_forms.special_floats(constraints)]
        plain = self.of(base, place)
        if base == BIGINT:
            bounds = ", ".join(map(constraint_notation, constraints))
            return [described(plain, f"Within {bounds}, which is not checked here.")]
        return [_restricted(plain, constraints)]

    def _form(self, name: str, definition: Json) -> Json:
        own = self._forms.get(name)
        if own is None:
            own = self._forms[name] = self._free_name(name)
            self._definitions[own] = definition
        return self.reference(own)


def _any_of(alternatives: list[Json]) -> Json:
    if len(alternatives) == 1:
        return alternatives[0]
    return {"anyOf": alternatives} if alternatives else NEVER


def _flat(union: Union) -> Iterator[Type]:
    for arm in union.arms:
        if isinstance(arm, Union):
            yield from _flat(arm)
        else:
            yield arm


def _literals(literals: list[Literal]) -> list[Json]:
    """Any of the literals, which are one or more."""
    by_kind: dict[str, list[Literal]] = {}
    for literal in literals:
        special = literal.kind == "number" and isinstance(encode(literal.value), dict)
        by_kind.setdefault("special" if special else literal.kind, []).append(literal)
    return [
        alternative
        for kind, found in by_kind.items()
        for alternative in _literals_of_kind(kind, found)
    ]


def _literals_of_kind(kind: str, literals: list[Literal]) -> list[Json]:
    if kind in ("special", "bigint"):
        return [literal_form(literals)]
    if kind == "string":
        return [among(str(literal.value) for literal in literals)]
    values = dict.fromkeys(literal.value for literal in literals)
    if kind == "number":
        # Bounds, because many languages have no literals of floats.
        return [
            {"maximum": value, "minimum": value, "type": "number"} for value in values
        ]
    if len(values) > 1:
        return [{"type": "boolean"}]
    return [{"const": value, "type": "boolean"} for value in values]


def _array(element: Json) -> Json:
    if element == NEVER:
        return {"maxItems": 0, "type": "array"}
    return {"items": element, "type": "array"}


def _record(key: Json, value: Json) -> Json:
    if value == NEVER:
        return {"maxProperties": 0, "type": "object"}
    return {"additionalProperties": value, "propertyNames": key, "type": "object"}


def _restricted(type_: Json, constraints: Iterable[Constraint]) -> Json:
    """The schema of a string, a number, an array or a record, with more asked of it."""
    counted = {"string": "Length", "array": "Items", "object": "Properties"}
    result: Json = dict(type_)
    for constraint in constraints:
        keyword = _BOUNDS.get(constraint.kind, constraint.kind)
        value: int | float | str | None = constraint.value
        if isinstance(value, str):
            value = portable(value)
            if value is None:
                continue
        if keyword in ("minLength", "maxLength"):
            keyword = keyword[:3] + counted[type_["type"]]
        if keyword in result:
            also = {keyword: value}
            result["allOf"] = [*result.get("allOf", ()), also]
        else:
            result[keyword] = value
    return dict(sorted(result.items()))
