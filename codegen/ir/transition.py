"""The way from one schema to another where stored documents may not fit: widen, backfill, narrow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from json.encoder import encode_basestring
from typing import NamedTuple, TypeAlias

from .discriminator import arms_by_tag
from .model import Schema, Table
from .notation import notation
from .subset import is_subset
from .types import (
    Array,
    Constrained,
    Field,
    Named,
    Object,
    Record,
    Type,
    Union,
)

_SHORT = 88

_Arms: TypeAlias = Mapping[tuple[str, ...], Object]


class Stage(NamedTuple):
    """What one change of a table needs.

    `widen` is the place as a schema has it that takes the old documents and the new ones, empty
    where the old schema does; `backfill` is what has to be done to the documents, empty where none
    has to change.
    """

    place: str
    widen: str
    backfill: str


def transition(old: Schema, new: Schema) -> list[Stage]:
    """The stages of all changes that stored documents may not fit.

    The types of both schemas must exist and not contain themselves.
    """
    return [
        stage
        for name, table in new.tables.items()
        if (before := old.tables.get(name) or old.tables.get(table.renamed_from or ""))
        for stage in _table(before, old, table, new)
    ]


def widened(old: Type, old_schema: Schema, new: Type, new_schema: Schema) -> Type:
    """A type that takes all values of two others, with names only where both mean the same."""
    kept = {
        name
        for name in old_schema.types.keys() & new_schema.types.keys()
        if _plain(Named(name), old_schema, set())
        == _plain(Named(name), new_schema, set())
    }
    return _Widening(old_schema, new_schema).of(
        _plain(old, old_schema, kept), _plain(new, new_schema, kept)
    )


def _table(
    old: Table, old_schema: Schema, new: Table, schema: Schema
) -> Iterator[Stage]:
    wide = widened(old.document, old_schema, new.document, schema)
    if not is_subset(old.document, old_schema, new.document, schema):
        yield from _Stages(old_schema, schema).of(
            new.name, old.document, new.document, wide
        )
    unique = {index.fields for index in old.indexes if index.unique}
    for index in new.indexes:
        if index.unique and index.fields not in unique:
            fields = ", ".join(index.fields)
            text = (
                f"change or delete documents that have the same ({fields}) as another"
            )
            yield Stage(f"{new.name}.{index.name}", "", text)


class _Widening:
    def __init__(self, old: Schema, new: Schema) -> None:
        self._old = old
        self._new = new

    def of(self, old: Type, new: Type) -> Type:
        if is_subset(old, self._old, new, self._new):
            return new
        if is_subset(new, self._new, old, self._old):
            return old
        if isinstance(old, Named):
            old = self._old.types[old.name].type
        if isinstance(new, Named):
            new = self._new.types[new.name].type
        if isinstance(old, Object) and isinstance(new, Object):
            return self._object(old, new)
        if isinstance(old, Array) and isinstance(new, Array):
            return Array(self.of(old.element, new.element))
        if found := arms_by_tag((old, self._old), (new, self._new)):
            _, (before, after) = found
            kept = [
                self.of(arm, after[tag]) if tag in after else arm
                for tag, arm in before.items()
            ]
            came = [arm for tag, arm in after.items() if tag not in before]
            return Union((*kept, *came))
        more = [arm for arm in _arms(new) if arm not in _arms(old)]
        return Union((*_arms(old), *more))

    def _object(self, old: Object, new: Object) -> Object:
        before = {field.name: field for field in old.fields}
        fields: list[Field] = []
        for field in new.fields:
            was = before.pop(field.name, None)
            if was is None:
                fields.append(replace(field, optional=True))
            else:
                optional = field.optional or was.optional
                both = self.of(was.type, field.type)
                fields.append(replace(field, type=both, optional=optional))
        fields += [replace(field, optional=True) for field in before.values()]
        return replace(new, fields=tuple(fields))


class _Stages:
    def __init__(self, old: Schema, new: Schema) -> None:
        self._old = old
        self._new = new

    def of(self, place: str, old: Type, new: Type, wide: Type) -> Iterator[Stage]:
        """The stages of a type whose values may not fit the new one."""
        while isinstance(old, Named):
            old = self._old.types[old.name].type
        while isinstance(new, Named):
            new = self._new.types[new.name].type
        while isinstance(wide, Named):
            wide = self._new.types[wide.name].type
        if isinstance(old, Object) and isinstance(new, Object):
            assert isinstance(wide, Object)
            yield from self._object(place, old, new, wide)
        elif isinstance(old, Array) and isinstance(new, Array):
            assert isinstance(wide, Array)
            yield from self.of(f"{place}[]", old.element, new.element, wide.element)
        elif found := arms_by_tag(
            (old, self._old), (new, self._new), (wide, self._new)
        ):
            field, (before, after, both) = found
            known = is_subset(new, self._new, old, self._old)
            yield from self._union(f"{place}[{field}=", before, after, both, known)
        else:
            yield self._values(place, old, new, wide)

    def _object(
        self, place: str, old: Object, new: Object, wide: Object
    ) -> Iterator[Stage]:
        before = {field.name: field for field in old.fields}
        both = {field.name: field for field in wide.fields}
        moved = {field.renamed_from: field.name for field in new.fields}
        after = {field.name for field in new.fields}
        for field in new.fields:
            was, path = before.get(field.name), f"{place}.{field.name}"
            text = f"{place}.{_field(both[field.name])}"
            if was is not None:
                yield from self._field(path, text, was, field, both[field.name])
            elif field.renamed_from in before and field.renamed_from not in after:
                yield Stage(path, text, f"give it the value of {field.renamed_from}")
            elif not field.optional:
                yield Stage(path, text, "set it where it is absent")
        for field in old.fields:
            if field.name not in after:
                name = moved.get(field.name)
                text = f"remove it, for {name}" if name else "remove it"
                path = f"{place}.{field.name}"
                yield Stage(path, f"{place}.{_field(both[field.name])}", text)

    def _field(
        self, path: str, text: str, old: Field, new: Field, wide: Field
    ) -> Iterator[Stage]:
        if old.optional and not new.optional:
            yield Stage(path, "", "set it where it is absent")
        if is_subset(old.type, self._old, new.type, self._new):
            return
        for stage in self.of(path, old.type, new.type, wide.type):
            # The field as a whole says more than its type.
            whole = stage.place == path and stage.widen
            yield stage._replace(widen=text) if whole else stage

    def _union(
        self, place: str, old: _Arms, new: _Arms, wide: _Arms, known: bool
    ) -> Iterator[Stage]:
        """The stages of a union of objects, arm by arm; `known`: the old one takes all of the new."""
        for tag, arm in new.items():
            path, was = f"{place}{_tag(tag)}]", old.get(tag)
            if was is None:
                yield from () if known else _whole(path, arm, "")
            elif not is_subset(was, self._old, arm, self._new):
                yield from self._object(path, was, arm, wide[tag])
        for tag, arm in wide.items():
            if tag in old and tag not in new:
                text, path = "change it to another form", f"{place}{_tag(tag)}]"
                yield from [Stage(path, "", text)] if known else _whole(path, arm, text)

    def _values(self, path: str, old: Type, new: Type, wide: Type) -> Stage:
        """One place whose values may be of a type that is not taken any more."""
        known = is_subset(new, self._new, old, self._old)
        inner = new.inner if isinstance(new, Constrained) else new
        if isinstance(new, Constrained) and is_subset(old, self._old, inner, self._new):
            backfill = f"change values that are not {notation(new)}"
        else:
            gone = [
                arm
                for arm in _arms(old)
                if not is_subset(arm, self._old, new, self._new)
            ]
            was = _short(Union(tuple(gone)), "what does not fit")
            backfill = f"change {was} to {_short(new, 'another form')}"
        return Stage(path, "" if known else f"{path}: {notation(wide)}", backfill)


def _arms(node: Type) -> Sequence[Type]:
    return node.arms if isinstance(node, Union) else (node,)


def _tag(tags: Sequence[str]) -> str:
    return "|".join(map(encode_basestring, tags))


def _whole(path: str, arm: Object, backfill: str) -> Iterator[Stage]:
    """An arm that one side only has: on a line, or a line for each field."""
    text = notation(arm)
    if len(text) <= _SHORT:
        yield Stage(path, f"{path}: {text}", backfill)
        return
    if backfill:
        yield Stage(path, "", backfill)
    for field in arm.fields:
        yield Stage(f"{path}.{field.name}", f"{path}.{_field(field)}", "")


def _field(field: Field) -> str:
    return notation(Object((replace(field, default=None),)))[1:-1]


def _short(node: Type, otherwise: str) -> str:
    text = notation(node)
    return text if len(text) <= _SHORT else otherwise


def _plain(node: Type, schema: Schema, kept: set[str]) -> Type:
    """A type without names, but for those that are kept."""
    if isinstance(node, Named):
        if node.name in kept:
            return node
        return _plain(schema.types[node.name].type, schema, kept)
    if isinstance(node, Union):
        return Union(tuple(_plain(arm, schema, kept) for arm in node.arms))
    if isinstance(node, Array):
        return Array(_plain(node.element, schema, kept))
    if isinstance(node, Record):
        key, value = (_plain(part, schema, kept) for part in (node.key, node.value))
        return Record(key, value)
    if isinstance(node, Constrained):
        return replace(node, inner=_plain(node.inner, schema, kept))
    if isinstance(node, Object):
        fields = (replace(f, type=_plain(f.type, schema, kept)) for f in node.fields)
        return replace(node, fields=tuple(fields))
    return node
