"""The way from a path of the IR back to the Convex JSON that said it."""

from __future__ import annotations

from typing import Final

from codegen.diagnostics import Path, Span

from .json_positions import JsonPositions

_INDEX_LISTS: Final = {
    "indexes": ("indexes", "stagedDbIndexes"),
    "searchIndexes": ("searchIndexes", "stagedSearchIndexes"),
    "vectorIndexes": ("vectorIndexes", "stagedVectorIndexes"),
}
_DOCUMENTS: Final = {
    "document": "documentType",
    "stagedDocument": "stagedDocumentType",
}
_TYPE_STEPS: Final[dict[str | int, tuple[str, ...]]] = {
    "element": ("value",),
    "key": ("keys",),
    "value": ("values", "fieldType"),
    "table": ("tableName",),
}


def validator_place(positions: JsonPositions, base: Path, steps: Path) -> Span:
    """Where the steps lead that go into the type of the validator at `base`.

    To the key of a field or the table of an id, else to what a validator says it is.
    """
    left = list(reversed(steps))
    while left:
        step = left.pop()
        if step == "field" and left:
            name = str(left.pop())
            if not left or left[-1] in ("default", "renamedFrom"):
                return positions.key((*base, "value"), name)
            base = (*base, "value", name, "fieldType")
        elif step == "arm" and left:
            base = (*base, "value", left.pop())
        elif step == "table":
            return positions.value((*base, "tableName"))
        else:
            base = (*base, *_TYPE_STEPS.get(step, ()))
    return positions.value((*base, "type"))


class Places:
    """Places in one text; nothing is looked for before it is asked for."""

    def __init__(self, positions: JsonPositions) -> None:
        self._positions = positions
        self._tables: dict[str, int] | None = None

    def locate(self, path: Path) -> Span | None:
        """The span of what a path of the IR names, or of the closest thing around it."""
        if path[:1] != ("tables",) or len(path) < 2:
            return self._positions.value(("tables",))
        table = ("tables", self._number(str(path[1])))
        if len(path) > 2 and path[2] in _DOCUMENTS:
            base = (*table, _DOCUMENTS[str(path[2])])
            return validator_place(self._positions, base, path[3:])
        if len(path) > 3 and path[2] in _INDEX_LISTS:
            return self._index(table, str(path[2]), path[3:])
        return self._positions.value((*table, "tableName"))

    def _number(self, name: str) -> int:
        if self._tables is None:
            self._tables = {}
            for i in range(self._positions.size(("tables",))):
                text = self._positions.text(("tables", i, "tableName"))
                self._tables.setdefault(text, i)
        return self._tables.get(name, -1)

    def _index(self, table: Path, kind: str, rest: Path) -> Span:
        number = int(rest[0])
        plain, staged = _INDEX_LISTS[kind]
        count = self._positions.size((*table, plain))
        base: Path = (*table, plain, number)
        if number >= count:
            base = (*table, staged, number - count)
        if rest[1:2] == ("fields",):
            return self._positions.value((*base, *rest[1:]))
        if rest[1:2] == ("filters",):
            return self._positions.value((*base, "filterFields", *rest[2:]))
        if rest[1:2] == ("field",):
            name = "searchField" if kind == "searchIndexes" else "vectorField"
            return self._positions.value((*base, name))
        if rest[1:2] == ("dimensions",):
            return self._positions.value((*base, "dimensions"))
        return self._positions.value((*base, "indexDescriptor"))
