"""What a GraphQL schema says of the objects that it describes, as a JSON Schema.

graphql-core reads the text. A field is there or not as a query asks for it only if it may be
null; scalars of the schema's own are whatever JSON has for them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLType,
    GraphQLUnionType,
    Node,
    TypeDefinitionNode,
    build_schema,
    parse,
)

from .places import Places, Pointer

_SCALARS: dict[str, dict[str, Any]] = {
    "Int": {"type": "integer"},
    "Float": {"type": "number"},
    "String": {"type": "string"},
    "ID": {"type": "string"},
    "Boolean": {"type": "boolean"},
}


def in_graphql(text: str) -> Places:
    """Where the types and their fields stand that `json_schema` makes definitions of."""
    found: list[tuple[int, Pointer]] = [(0, ())]
    for one in parse(text).definitions:
        if not isinstance(one, TypeDefinitionNode):
            continue
        pointer: Pointer = ("definitions", one.name.value)
        found.append((_start(one.name), pointer))
        for inner in getattr(one, "fields", None) or ():
            place = (*pointer, "properties", inner.name.value)
            found.append((_start(inner.name), place))
    return Places(text, found)


def _start(node: Node) -> int:
    assert node.loc is not None
    return node.loc.start


@dataclass(frozen=True, slots=True)
class Reading:
    """What is left to the reader: `texts` are scalars of the schema's own that are texts.

    The types in `ids` are documents of tables: their `id` is none of their fields, and what
    refers to them has their id.
    """

    texts: Collection[str] = ()
    ids: Collection[str] = ()

    def json_schema(self, text: str) -> dict[str, Any]:
        """A definition for each object, interface, union, enum, input and scalar."""
        schema = build_schema(text, assume_valid=True)
        return {
            "definitions": {
                name: self._definition(named, schema)
                for name, named in schema.type_map.items()
                if not name.startswith("__")
            }
        }

    def _definition(
        self, named: GraphQLNamedType, schema: GraphQLSchema
    ) -> dict[str, Any]:
        if isinstance(named, GraphQLEnumType):
            return {"type": "string", "enum": list(named.values)}
        if isinstance(named, (GraphQLUnionType, GraphQLInterfaceType)):
            possible = schema.get_possible_types(named)
            if possible:
                return {"anyOf": [self._reference(one) for one in possible]}
        if not isinstance(
            named, (GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType)
        ):
            text = named.name in self.texts
            return _SCALARS.get(named.name, {"type": "string"} if text else {})
        fields = {name: one.type for name, one in named.fields.items()}
        if named.name in self.ids and str(fields.get("id")).rstrip("!") == "ID":
            del fields["id"]
        return {
            "type": "object",
            "properties": {name: self._type(said) for name, said in fields.items()},
            "required": [n for n, s in fields.items() if isinstance(s, GraphQLNonNull)],
        }

    def _type(self, said: GraphQLType) -> dict[str, Any]:
        if isinstance(said, GraphQLNonNull):
            return self._value(said.of_type)
        return {"anyOf": [self._value(said), {"type": "null"}]}

    def _value(self, said: Any) -> dict[str, Any]:
        if isinstance(said, GraphQLList):
            return {"type": "array", "items": self._type(said.of_type)}
        return self._reference(said)

    def _reference(self, named: GraphQLNamedType) -> dict[str, Any]:
        if named.name in self.ids:
            return {"type": "string"}
        return {"$ref": f"#/definitions/{named.name}"}
