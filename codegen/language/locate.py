"""From a path of the IR back to the text, by walking the YAML again when a place is asked for."""

from __future__ import annotations

from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass
from typing import Final

from codegen.diagnostics import Path, Span
from codegen.ir.model import Schema, Table
from codegen.ir.types import Type, Union

from .annotations import parse_annotation
from .scalar_places import place_within
from .text import Place, Text
from .yaml_tree import Entry, Mapping, Node, Scalar, Sequence


@dataclass(frozen=True, slots=True)
class Declared:
    """The entry of a table, type or function, and the text that it is in."""

    text: Text
    entry: Entry

    @property
    def span(self) -> Span:
        """The span of its name."""
        return self.text.span(*_name_place(self.entry))


@dataclass(frozen=True, slots=True)
class Locator:
    """Finds the span of a path; of one that leads too far, the deepest place there is."""

    schema: Schema
    tables: AbstractMapping[str, Declared]
    types: AbstractMapping[str, Declared]
    functions: AbstractMapping[str, Declared]

    def __call__(self, path: Path) -> Span | None:
        if len(path) < 2:
            return None
        name = str(path[1])
        declared = {"types": self.types, "functions": self.functions}
        found = declared.get(str(path[0]), self.tables).get(name)
        if found is None:
            return None
        walk = _Walk(found.text)
        if len(path) == 2:
            place = _name_place(found.entry)
        elif path[0] == "types":
            place = walk.named_type(found.entry, path[3:])
        elif path[0] == "functions":
            place = walk.function(found.entry, path[2:])
        else:
            place = walk.table(found.entry, self.schema.tables[name], path[2:])
        return found.text.span(*place)


_STAGED: Final = "stagedDocument"
_INDEXES: Final = ("indexes", "searchIndexes", "vectorIndexes")


@dataclass(frozen=True, slots=True)
class _Walk:
    """Ways through the tree of one text."""

    text: Text

    def table(self, entry: Entry, table: Table, steps: Path) -> Place:
        if not isinstance(entry.value, Mapping):
            return _name_place(entry)
        key = "staged" if steps[0] == _STAGED else str(steps[0])
        if key == "document":
            return self._document(entry, table.document, steps[1:])
        inner = entry.value.entries.get(key)
        if inner is None:
            return _name_place(entry)
        if key == "staged" and table.staged_document is not None:
            return self._document(inner, table.staged_document, steps[1:])
        if key in _INDEXES and len(steps) > 1:
            name = _index_names(table, key)[int(steps[1])]
            return self._index(inner, name, steps[2:])
        return self._whole(inner)

    def named_type(self, entry: Entry, steps: Path) -> Place:
        return self._field(entry, steps) if steps else self._whole(entry)

    def function(self, entry: Entry, steps: Path) -> Place:
        inner = None
        if isinstance(entry.value, Mapping):
            inner = entry.value.entries.get(str(steps[0]))
        if inner is None:
            return _name_place(entry)
        return self._field(inner, steps[1:]) if steps[1:] else self._whole(inner)

    def _document(self, entry: Entry, node: Type, steps: Path) -> Place:
        """Steps from the mapping that holds `fields` or `union`."""
        if not isinstance(entry.value, Mapping):
            return _name_place(entry)
        entries = entry.value.entries
        inner = entries.get("fields") or entries.get("union")
        if inner is None:
            return _name_place(entry)
        if not steps:
            return _name_place(inner)
        if inner.key.text == "union":
            return self._arm(inner, node, steps)
        return self._field(inner, steps)

    def _arm(self, entry: Entry, node: Type, steps: Path) -> Place:
        value = entry.value
        if isinstance(value, Scalar):
            return self._annotation(value, steps)
        index = int(steps[1]) if len(steps) > 1 and steps[0] == "arm" else -1
        arms = node.arms if isinstance(node, Union) else ()
        if not 0 <= index < len(arms):
            return _name_place(entry)
        if isinstance(value, Sequence):
            return self._node(value.items[index])
        return self._field([*value.entries.values()][index], steps[2:])

    def _field(self, entry: Entry, steps: Path) -> Place:
        """Steps from a field, or from anything else with a type."""
        if not steps:
            return _name_place(entry)
        value = entry.value
        if isinstance(value, Scalar):
            return self._annotation(value, steps)
        if isinstance(value, Sequence):
            return self._whole(entry)
        own = value.entries.get(f"${steps[0]}")
        if own is not None and len(steps) == 1:
            return self._whole(own)
        inner = value.entries.get("$type")
        if inner is not None:
            return self._field(inner, steps)
        field = value.entries.get(str(steps[1])) if len(steps) > 1 else None
        return self._field(field, steps[2:]) if field else _name_place(entry)

    def _annotation(self, scalar: Scalar, steps: Path) -> Place:
        annotation = parse_annotation(scalar.text)
        for length in range(len(steps), -1, -1):
            node = annotation.nodes.get(steps[:length])
            if node is not None:
                return place_within(self.text, scalar, *annotation.place(node))
        return scalar.start, scalar.end

    def _index(self, entry: Entry, name: str, steps: Path) -> Place:
        if not isinstance(entry.value, Mapping) or name not in entry.value.entries:
            return _name_place(entry)
        index = entry.value.entries[name]
        if not steps:
            return _name_place(index)
        inner = index
        if isinstance(index.value, Mapping):
            inner = index.value.entries.get(str(steps[0]), index)
        if len(steps) > 1 and isinstance(inner.value, Sequence):
            return self._node(inner.value.items[int(steps[1])])
        return self._whole(inner)

    def _whole(self, entry: Entry) -> Place:
        """The value if it is a text or in brackets, else the name."""
        value = entry.value
        if isinstance(value, Scalar) and value.text:
            return value.start, value.end
        if not isinstance(value, Scalar) and self.text.characters[value.start] in "[{":
            return value.start, value.end
        return _name_place(entry)

    def _node(self, node: Node) -> Place:
        return node.start, node.end


def _name_place(entry: Entry) -> Place:
    """The key, without the `?` of an optional field."""
    key = entry.key
    is_optional = not key.style and key.text.endswith("?")
    return key.start, key.end - is_optional


def _index_names(table: Table, kind: str) -> list[str]:
    if kind == "indexes":
        return [index.name for index in table.indexes]
    if kind == "searchIndexes":
        return [index.name for index in table.search_indexes]
    return [index.name for index in table.vector_indexes]
