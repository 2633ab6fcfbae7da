"""Where the dotted path of an index leads in a document, as Convex follows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from ..model import Schema
from ..types import ANY, NUMBER, Array, Constrained, Named, Object, Type, Union

MAX_NAMES: Final = 2000

Field = Sequence[str]
"""The names of a dotted path, outermost first."""


class Reach:
    """Which fields the documents of one type can have."""

    def __init__(self, document: Type, schema: Schema) -> None:
        self._document = document
        self._schema = schema
        self._names: dict[int, dict[str, Type]] = {}

    def can_contain(self, field: Field) -> bool:
        """Whether some document has the field: through objects and unions; any has all."""
        if len(field) == 1 and field[0].startswith("_"):
            return True
        return any(end is not None for end in self._ends(field))

    def can_be_vector(self, field: Field) -> bool:
        """Whether some document has an array of floats there; unknown fields pass."""
        return any(end is None or self._is_vector(end) for end in self._ends(field))

    def field_names(self) -> list[str]:
        """The dotted paths of fields, for a hint; the first ones where there are many."""
        return list(dict.fromkeys(islice(self._all(), MAX_NAMES)))

    def _ends(self, field: Field) -> Iterator[Type | None]:
        """The types that the path leads to; None for each object in which it is missing.

        A named type is entered once for each rest of the path: unions of names may multiply.
        """
        entered: set[tuple[str, int]] = set()
        todo = [(self._document, 0)]
        while todo:
            node, depth = todo.pop()
            if isinstance(node, Named):
                if (node.name, depth) not in entered:
                    entered.add((node.name, depth))
                    todo.append((self._schema.types[node.name].type, depth))
                continue
            if isinstance(node, Constrained):
                todo.append((node.inner, depth))
                continue
            if depth == len(field) or node == ANY:
                yield node
            if isinstance(node, Union):
                todo += [(arm, depth) for arm in node.arms]
            elif isinstance(node, Object) and depth < len(field):
                inner = self._fields(node).get(field[depth])
                if inner is None:
                    yield None
                else:
                    todo.append((inner, depth + 1))

    def _is_vector(self, node: Type) -> bool:
        if isinstance(node, Array):
            return self._plain(node.element) in (NUMBER, ANY)
        return node == ANY

    def _plain(self, node: Type) -> Type:
        """The type without names and constraints, of which Convex knows nothing."""
        while isinstance(node, (Named, Constrained)):
            if isinstance(node, Named):
                node = self._schema.types[node.name].type
            else:
                node = node.inner
        return node

    def _fields(self, node: Object) -> dict[str, Type]:
        known = self._names.get(id(node))
        if known is None:
            known = {field.name: field.type for field in node.fields}
            self._names[id(node)] = known
        return known

    def _all(self) -> Iterator[str]:
        entered: set[tuple[str, str]] = set()
        todo: list[tuple[Type | None, str]] = [(self._document, "")]
        while todo:
            node, path = todo.pop()
            if node is None:
                yield path
            elif isinstance(node, Named):
                if (node.name, path) not in entered:
                    entered.add((node.name, path))
                    todo.append((self._schema.types[node.name].type, path))
            elif isinstance(node, Constrained):
                todo.append((node.inner, path))
            elif isinstance(node, Union):
                todo += [(arm, path) for arm in reversed(node.arms)]
            elif isinstance(node, Object):
                for field in reversed(node.fields):
                    name = f"{path}.{field.name}" if path else field.name
                    todo += [(field.type, name), (None, name)]
