"""Where the dotted path of an index leads in a document, as Convex follows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
        return self._leads(self._document, field, lambda end: True, missing=False)

    def can_be_vector(self, field: Field) -> bool:
        """Whether some document has an array of floats there; unknown fields pass."""
        return self._leads(self._document, field, self._is_vector, missing=True)

    def field_names(self) -> list[str]:
        """The dotted paths of fields, for a hint; the first ones where there are many."""
        return list(dict.fromkeys(islice(self._all(self._document, ""), MAX_NAMES)))

    def _leads(
        self, node: Type, field: Field, accepts: Callable[[Type], bool], missing: bool
    ) -> bool:
        node = self._plain(node)
        if not field:
            return accepts(node)
        if isinstance(node, Union):
            return any(self._leads(a, field, accepts, missing) for a in node.arms)
        if isinstance(node, Object):
            inner = self._fields(node).get(field[0])
            if inner is None:
                return missing
            return self._leads(inner, field[1:], accepts, missing)
        return node == ANY

    def _is_vector(self, node: Type) -> bool:
        node = self._plain(node)
        if isinstance(node, Union):
            return any(map(self._is_vector, node.arms))
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

    def _all(self, node: Type, prefix: str) -> Iterator[str]:
        node = self._plain(node)
        if isinstance(node, Union):
            for arm in node.arms:
                yield from self._all(arm, prefix)
        elif isinstance(node, Object):
            for field in node.fields:
                yield prefix + field.name
                yield from self._all(field.type, f"{prefix}{field.name}.")
