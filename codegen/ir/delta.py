"""What changed between two schemas, and whom it can break."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from json.encoder import encode_basestring
from typing import Literal as OneOf
from typing import Protocol, TypeAlias, TypeVar

from codegen.diagnostics import Path

from .model import Function, Index, Schema, SearchIndex, Table, VectorIndex
from .notation import notation
from .subset import is_subset
from .types import ANY, Array, Default, Field, Object, Record, Type, Union
from .values import Value, decode

_SHORT = 88
"""Two types in one line that together are longer are told by what came and what went."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change; `path` is in the new schema, or in the old one for what was removed.

    `narrows`: a stored document that fitted may not fit any more. `widens`: code generated
    from the old schema may meet what it can't read, or ask for an index that is gone.
    """

    kind: OneOf["added", "removed", "changed", "renamed"]
    path: Path
    text: str
    narrows: bool = False
    widens: bool = False


def compare(old: Schema, new: Schema) -> list[Change]:
    """The changes from one schema to the other; order and descriptions do not count.

    The types of both schemas must exist and not contain themselves.
    """
    return list(_Delta(old, new).changes())


class _Named(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def renamed_from(self) -> str | None: ...


N = TypeVar("N", bound=_Named)
AnyIndex: TypeAlias = Index | SearchIndex | VectorIndex


def _pairs(old: Mapping[str, N], new: Mapping[str, N]) -> Iterator[tuple[N | None, N]]:
    """Each new thing with the old one that it was, under its name or an earlier one."""
    for name, thing in new.items():
        before = old.get(name)
        if before is None and thing.renamed_from is not None:
            before = old.get(thing.renamed_from)
        yield before, thing


def _gone(old: Mapping[str, N], new: Mapping[str, N]) -> Iterator[N]:
    kept = {before.name for before, _ in _pairs(old, new) if before is not None}
    return (thing for name, thing in old.items() if name not in kept)


class _Delta:
    def __init__(self, old: Schema, new: Schema) -> None:
        self._old = old
        self._new = new

    def changes(self) -> Iterator[Change]:
        old, new = self._old, self._new
        if old.schema_validation != new.schema_validation:
            on = new.schema_validation
            text = (
                "schemaValidation: off -> on" if on else "schemaValidation: on -> off"
            )
            yield Change("changed", (), text, narrows=on, widens=not on)
        for before, table in _pairs(old.tables, new.tables):
            if before is None:
                yield Change(
                    "added", ("tables", table.name), f"{table.name}: new table"
                )
            else:
                yield from self._table(before, table)
        for table in _gone(old.tables, new.tables):
            path = ("tables", table.name)
            text = f"{table.name}: table removed"
            yield Change("removed", path, text, widens=True)
        yield from self._types()
        yield from self._functions()

    def _types(self) -> Iterator[Change]:
        old, new = self._old.types, self._new.types
        for name, named in new.items():
            path: Path = ("types", name)
            if name not in old:
                yield Change("added", path, f"{name}: new type")
            else:
                before = old[name].type
                yield from self._type((*path, "type"), name, before, named.type)
        for name in sorted(old.keys() - new.keys()):
            yield Change("removed", ("types", name), f"{name}: type removed")

    def _functions(self) -> Iterator[Change]:
        old, new = self._old.functions, self._new.functions
        for name, function in new.items():
            path: Path = ("functions", name)
            if name in old:
                yield from self._function(path, old[name], function)
            else:
                text = f"{name}: new {_kind(function)}"
                yield Change("added", path, text)
        for name in sorted(old.keys() - new.keys()):
            text = f"{name}: {_kind(old[name])} removed"
            yield Change("removed", ("functions", name), text, widens=True)

    def _function(self, path: Path, old: Function, new: Function) -> Iterator[Change]:
        name = new.path
        if _kind(old) != _kind(new):
            text = f"{name}: {_kind(old)} -> {_kind(new)}"
            yield Change("changed", path, text, widens=True)
        # No document is stored here: what matters is what older code sends, and can read.
        for change in self._type((*path, "args"), f"{name} args", old.args, new.args):
            yield replace(change, narrows=False, widens=change.narrows)
        before, after = old.returns or ANY, new.returns or ANY
        for change in self._type((*path, "returns"), f"{name} result", before, after):
            yield replace(change, narrows=False)

    def _table(self, old: Table, new: Table) -> Iterator[Change]:
        path: Path = ("tables", new.name)
        if old.name != new.name:
            text = f"{old.name}: table renamed to {new.name}"
            yield Change("renamed", path, text, widens=True)
        if old.model != new.model:
            text = f"{new.name}: model {old.model or '(derived)'} -> "
            text += new.model or "(derived)"
            yield Change("changed", (*path, "model"), text)
        yield from self._type((*path, "document"), new.name, old.document, new.document)
        yield from self._staged(path, old, new)
        yield from self._indexes((*path, "indexes"), old.indexes, new.indexes)
        yield from self._indexes(
            (*path, "searchIndexes"), old.search_indexes, new.search_indexes
        )
        yield from self._indexes(
            (*path, "vectorIndexes"), old.vector_indexes, new.vector_indexes
        )

    def _staged(self, path: Path, old: Table, new: Table) -> Iterator[Change]:
        before, after = old.staged_document, new.staged_document
        if before != after:
            was = "none" if before is None else notation(before)
            now = "none" if after is None else notation(after)
            text = f"{new.name}: staged document {was} -> {now}"
            yield Change("changed", (*path, "stagedDocument"), text)

    def _indexes(
        self, path: Path, old: Sequence[AnyIndex], new: Sequence[AnyIndex]
    ) -> Iterator[Change]:
        table, before = path[1], {index.name: index for index in old}
        for i, index in enumerate(new):
            was = before.pop(index.name, None)
            place, name = (*path, i), f"{table}.{index.name}"
            unique = isinstance(index, Index) and index.unique
            if was is None:
                text = f"{name}: new {_described(index)}"
                yield Change("added", place, text, narrows=unique)
            elif was != index:
                text = f"{name}: {_described(was)} -> {_described(index)}"
                was_unique = isinstance(was, Index) and was.unique
                narrows = unique and (
                    not was_unique or _columns(was) != _columns(index)
                )
                widens = _columns(was) != _columns(index) or index.staged > was.staged
                yield Change("changed", place, text, narrows, widens)
        for i, index in enumerate(old):
            if index.name in before:
                text = f"{table}.{index.name}: {_described(index)} removed"
                yield Change("removed", (*path, i), text, widens=True)

    def _type(self, path: Path, name: str, old: Type, new: Type) -> Iterator[Change]:
        """The changes inside of a type, as far in as both sides have the same form."""
        if old == new and notation(old) == notation(new):
            return
        if isinstance(old, Object) and isinstance(new, Object):
            yield from self._object(path, name, old, new)
        elif isinstance(old, Array) and isinstance(new, Array):
            inner = (*path, "element")
            yield from self._type(inner, f"{name}[]", old.element, new.element)
        elif isinstance(old, Record) and isinstance(new, Record) and old.key == new.key:
            yield from self._type((*path, "value"), f"{name}[]", old.value, new.value)
        else:
            text = f"{name}: {_change(old, new)}"
            narrows = not is_subset(old, self._old, new, self._new)
            widens = not is_subset(new, self._new, old, self._old)
            yield Change("changed", path, text, narrows, widens)

    def _object(
        self, path: Path, name: str, old: Object, new: Object
    ) -> Iterator[Change]:
        if old.name != new.name:
            text = f"{name}: model {old.name or '(derived)'} -> "
            yield Change("changed", path, text + (new.name or "(derived)"))
        is_args = len(path) == 3 and path[0] == "functions" and path[2] == "args"
        noun = "argument" if is_args else "field"
        before = {field.name: field for field in old.fields}
        after = {field.name: field for field in new.fields}
        for was, field in _pairs(before, after):
            place, full = (*path, "field", field.name), f"{name}.{field.name}"
            if was is None:
                text = f"{full}: new {noun}, {_field(field)}"
                narrows = not field.optional
                yield Change("added", place, text, narrows=narrows, widens=True)
            else:
                yield from self._field(place, full, was, field)
        for field in _gone(before, after):
            text = f"{name}.{field.name}: {noun} removed, {_field(field)}"
            place, widens = (*path, "field", field.name), not field.optional
            yield Change("removed", place, text, narrows=True, widens=widens)

    def _field(self, path: Path, name: str, old: Field, new: Field) -> Iterator[Change]:
        if old.name != new.name:
            text = f"{name}: renamed from {old.name}"
            yield Change("renamed", path, text, narrows=True, widens=True)
        if old.optional != new.optional:
            now = new.optional
            text = (
                f"{name}: {'required -> optional' if now else 'optional -> required'}"
            )
            yield Change("changed", path, text, narrows=not now, widens=now)
        if old.default != new.default:
            text = f"{name}: default {_default(old.default)} -> {_default(new.default)}"
            yield Change("changed", (*path, "default"), text)
        yield from self._type(path, name, old.type, new.type)


def _kind(function: Function) -> str:
    internal = "internal " if function.visibility == "internal" else ""
    return internal + function.kind


def _field(field: Field) -> str:
    return notation(Object((field,)))[1:-1]


def _default(default: Default | None) -> str:
    return "none" if default is None else default_notation(default)


def default_notation(default: Default) -> str:
    """A default as an author of a schema would write it, on one line."""
    return _value(decode(default.value))


def _value(value: Value) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        items = (f"{encode_basestring(n)}: {_value(v)}" for n, v in value.items())
        return f"{{{', '.join(items)}}}"
    return repr(value)


def _change(old: Type, new: Type) -> str:
    text = f"{notation(old)} -> {notation(new)}"
    if len(text) <= _SHORT:
        return text
    before, after = _arms(old), _arms(new)
    if not any(arm in after for arm in before):
        return text
    came = tuple(arm for arm in after if arm not in before)
    went = tuple(arm for arm in before if arm not in after)
    told = [f"also {notation(Union(came))}"] if came else []
    if went:
        told.append(f"no longer {notation(Union(went))}")
    return ", ".join(told) or "the same arms in another order"


def _arms(node: Type) -> tuple[Type, ...]:
    return node.arms if isinstance(node, Union) else (node,)


def _columns(index: AnyIndex) -> object:
    if isinstance(index, Index):
        return index.fields
    dimensions = index.dimensions if isinstance(index, VectorIndex) else 0
    return index.field, frozenset(index.filters), dimensions


def _described(index: AnyIndex) -> str:
    words = "staged " if index.staged else ""
    if isinstance(index, Index):
        words += "unique " if index.unique else ""
        return f"{words}index on ({', '.join(index.fields)})"
    filters = f", filtered by {', '.join(index.filters)}" if index.filters else ""
    if isinstance(index, SearchIndex):
        return f"{words}search index on {index.field}{filters}"
    return f"{words}vector index on {index.field} ({index.dimensions}){filters}"
