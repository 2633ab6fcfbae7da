"""What datamodel-code-generator makes of a document: its models, and their names.

The only module that imports it. Nothing is printed and read back: the parser's own objects say
which schemas are models. What a model's values may be is read from the source, for the parser's
types have no words for much that JSON Schema says.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Generator, Mapping
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any, cast

from .places import Json

if TYPE_CHECKING:
    from datamodel_code_generator.parser.base import Parser


class Unreadable(Exception):
    """The library can't read a document: its own words."""


def model_names(outlines: Mapping[str, Json]) -> dict[str, str]:
    """The class names of the models that definitions become, by the definitions' names.

    Raises:
        Unreadable: with what the library says of the definitions.
        ModuleNotFoundError: the library is not installed.
    """
    if not outlines:
        return {}
    from datamodel_code_generator.parser.jsonschema import JsonSchemaParser

    with _quietly():
        made = JsonSchemaParser(
            json.dumps({"$defs": outlines}), allow_remote_refs=False
        )
        parser = cast("Parser[Any, Any]", made)
        parser.parse_raw()
        names = {model.reference.path: model.class_name for model in parser.results}
    pointers = {f"#/$defs/{name}": name for name in outlines}
    return {pointers[path]: name for path, name in names.items() if path in pointers}


@dataclass(frozen=True, slots=True)
class GraphqlType:
    """The type of a field: a list of `item`, or what `name` says."""

    is_nullable: bool
    name: str = ""
    item: GraphqlType | None = None


@dataclass(frozen=True, slots=True)
class GraphqlField:
    """`line` and `column` are those of its name, from 1."""

    name: str
    type: GraphqlType
    description: str
    default: Json
    has_default: bool
    has_arguments: bool
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class GraphqlModel:
    """`kind` is scalar, enum, union, interface, object or input object; `members` are the
    values of an enum, the types of a union, or those that have an interface."""

    kind: str
    name: str
    description: str
    fields: tuple[GraphqlField, ...]
    members: tuple[str, ...]
    line: int
    column: int


def graphql_models(text: str) -> list[GraphqlModel]:
    """The types of a GraphQL schema but for those of its operations, in the order of the text.

    Raises:
        Unreadable: with what the library says of the text.
        ModuleNotFoundError: the library is not installed.
    """
    from datamodel_code_generator.parser.graphql import GraphQLParser

    with _quietly():
        parser: Any = GraphQLParser(text)
        parser.parse_raw()
        named: dict[str, Any] = dict(parser.raw_obj.type_map)
        models = [
            _graphql_model(model, named, parser.raw_obj) for model in parser.results
        ]
    return sorted(models, key=lambda model: (model.line, model.column))


def _graphql_model(model: Any, named: Mapping[str, Any], schema: Any) -> GraphqlModel:
    _, kind, name = model.reference.path.split("/", 2)
    declared = named[name]
    fields: dict[str, Any] = getattr(declared, "fields", {})
    members: list[str] = []
    if kind == "enum":
        members = sorted(
            declared.values, key=lambda name: _place(declared.values[name])
        )
    elif kind == "union":
        written = declared.ast_node.types if declared.ast_node else ()
        order: dict[str, int] = {node.name.value: i for i, node in enumerate(written)}
        names = (one.name for one in declared.types)
        members = sorted(names, key=lambda one: order.get(one, len(order)))
    elif kind == "interface":
        members = [one.name for one in schema.get_possible_types(declared)]
    made = (
        _graphql_field(field, fields[str(field.alias or field.name)])
        for field in model.fields
        if (field.alias or field.name) in fields
    )
    ordered = sorted(made, key=lambda field: (field.line, field.column))
    return GraphqlModel(
        kind,
        name,
        declared.description or "",
        tuple(ordered),
        tuple(members),
        *_place(declared),
    )


def _graphql_field(field: Any, declared: Any) -> GraphqlField:
    node = declared.ast_node
    has_default = getattr(node, "default_value", None) is not None
    return GraphqlField(
        field.alias or field.name,
        _graphql_type(field.data_type),
        declared.description or "",
        field.default if has_default else None,
        has_default,
        bool(getattr(declared, "args", None)),
        *_place(declared),
    )


def _graphql_type(data_type: Any) -> GraphqlType:
    is_nullable = bool(data_type.is_optional)
    if data_type.is_list:
        return GraphqlType(is_nullable, item=_graphql_type(data_type.data_types[0]))
    reference = data_type.reference
    name = reference.path.rpartition("/")[2] if reference else ""
    return GraphqlType(is_nullable, name)


def _place(declared: Any) -> tuple[int, int]:
    """The line and the column of a name; built-in types stand nowhere."""
    node = getattr(declared, "ast_node", None)
    if node is None:
        return 0, 0
    token = node.name.loc.start_token
    return int(token.line), int(token.column)


@contextmanager
def _quietly() -> Generator[None]:
    """Takes the library's warnings, and turns its errors into ours."""
    try:
        with warnings.catch_warnings(), redirect_stderr(StringIO()):
            warnings.simplefilter("ignore")
            yield
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("datamodel_code_generator"):
            raise
        raise Unreadable(str(error)) from error
    except RecursionError as error:
        raise Unreadable("it is nested too deeply") from error
    except Exception as error:
        raise Unreadable(f"{type(error).__name__}: {error}"[:500]) from error
