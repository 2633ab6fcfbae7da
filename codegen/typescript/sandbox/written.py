"""What the text of a schema says that a program forgets: places, names and descriptions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from codegen.diagnostics import Diagnostics, Path, Span
from codegen.ir.model import Function, Schema
from codegen.typescript.functions import Functions
from codegen.typescript.program import Program
from codegen.typescript.schema import Places, find_schema, read_definition
from codegen.typescript.syntax import Node, captures, text_of
from codegen.typescript.type_names import class_names
from codegen.typescript.types import Types

from .faults import whole
from .names import with_names

_KEYS: Final = """
(call_expression arguments: (arguments (object [
  (pair key: (_) @key)
  (shorthand_property_identifier) @key
])))
"""


def place_of_schema(program: Program, path: str) -> Span:
    """The place of what a module exports by default."""
    module = program.module(path)
    exported = module.exports.get("default") if module else None
    if exported is None or exported.origin is None:
        return whole(path)
    return exported.origin.source.span(exported.origin.node)


class Written:
    """What can be read of a schema, and of functions, without running them."""

    def __init__(
        self,
        program: Program,
        path: str,
        schema: Schema,
        folder: str,
        names: Sequence[str],
    ) -> None:
        """`schema` is what running tells, `names` are the files of the folder."""
        self._module = program.module(path)
        self._place = place_of_schema(program, path)
        taken = {name for table in schema.tables for name in class_names(table)}
        unread = Diagnostics()
        types = Types(unread, taken)
        definition = find_schema(program, path, unread)
        written = read_definition(definition, types) if definition else Schema()
        functions = Functions(program, types, unread).read(folder, names)
        self._schema = Schema(written.tables, types.named, functions=functions)
        self._places = Places(types.places)

    def functions(self, module: str) -> dict[str, Function]:
        """The functions of a module, as far as they can be read."""
        return {
            path: function
            for path, function in self._schema.functions.items()
            if path.rpartition(":")[0] == module
        }

    def named(self, schema: Schema) -> Schema:
        """The schema with the names and the descriptions that its text has."""
        return with_names(schema, self._schema)

    def locate(self, path: Path) -> Span | None:
        """The span of what a path of the IR leads to, or of what is around it.

        A table that can't be read has the first key of its name in an argument of a call, as in
        `defineSchema({ users: … })`.
        """
        place = self._places.locate(path)
        if place is None and path[0] == "tables" and len(path) > 1:
            place = next(self._keys(str(path[1])), None)
        return place or self._place

    def _keys(self, name: str) -> Iterator[Span]:
        if self._module is not None:
            for key in captures(self._module.source, _KEYS, "key"):
                if _key(key) == name:
                    yield self._module.source.span(key)


def _key(node: Node) -> str:
    text = text_of(node)
    return text[1:-1] if node.type == "string" else text
