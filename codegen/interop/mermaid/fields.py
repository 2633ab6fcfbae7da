"""The fields of tables as the rows of their boxes in a diagram."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from codegen.ir.model import Schema, Table
from codegen.ir.notation import constraint_notation, notation
from codegen.ir.types import (
    NULL,
    Array,
    Constrained,
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

from .text import first_paragraph, quoted

_MARKS: Final = ("pk", "fk", "uk")
_LONGEST: Final = 80
"""The characters of a type in a comment: more would stretch the whole box."""


def rows(table: Table, schema: Schema) -> Iterator[str]:
    """`type name KEYS "comment"`, for each field of a table's documents."""
    yield f"Id[{table.name}] _id PK"
    yield "float _creationTime"
    fields = merged_fields(table.document, schema)
    names = drawn_names(fields)
    for field in fields:
        parts = [_word(field.type), names[field.name]]
        marks = [
            *(["FK"] if _is_reference(field.type, schema) else []),
            *(["UK"] if is_unique(table, field.name) else []),
        ]
        parts += [", ".join(marks)] if marks else []
        comment = _comment(field, schema)
        parts += [quoted(comment)] if comment else []
        yield " ".join(parts)


def drawn_names(fields: list[Field]) -> dict[str, str]:
    """What each field is called in the diagram: Mermaid takes `pk` for a mark, in any case."""
    taken = {field.name for field in fields}
    names: dict[str, str] = {}
    for field in fields:
        name = field.name
        while name.lower() in _MARKS or (name != field.name and name in taken):
            name += "_"
        names[field.name] = name
    return names


def shapes(document: Type, schema: Schema) -> Iterator[Object | None]:
    """The kinds of a document; None has fields of any name."""
    if isinstance(document, Union):
        for arm in document.arms:
            yield from shapes(arm, schema)
    elif isinstance(document, Named):
        yield from shapes(schema.types[document.name].type, schema)
    else:
        yield document if isinstance(document, Object) else None


def merged_fields(document: Type, schema: Schema) -> list[Field]:
    """The fields of all kinds of a document; those that a kind lacks are optional."""
    kinds = [shape.fields if shape else () for shape in shapes(document, schema)]
    found: dict[str, list[Field]] = {}
    for fields in kinds:
        for field in fields:
            found.setdefault(field.name, []).append(field)
    return [_merged(fields, len(kinds)) for fields in found.values()]


def _merged(fields: list[Field], kinds: int) -> Field:
    types = list(dict.fromkeys(field.type for field in fields))
    return replace(
        fields[0],
        type=types[0] if len(types) == 1 else Union(tuple(types)),
        optional=len(fields) < kinds or any(field.optional for field in fields),
        description=next((f.description for f in fields if f.description), ""),
    )


def is_unique(table: Table, path: str) -> bool:
    """Whether no two documents have the same value there."""
    return any(index.unique and index.fields == (path,) for index in table.indexes)


def _is_reference(node: Type, schema: Schema) -> bool:
    """Whether a field holds ids, perhaps several, and perhaps null."""
    if isinstance(node, Named):
        return _is_reference(schema.types[node.name].type, schema)
    if isinstance(node, Constrained):
        return _is_reference(node.inner, schema)
    if isinstance(node, Array):
        return _is_reference(node.element, schema)
    if isinstance(node, Union):
        arms = [arm for arm in node.arms if arm != NULL]
        return bool(arms) and all(_is_reference(arm, schema) for arm in arms)
    return isinstance(node, Id)


def _word(node: Type) -> str:
    """The type in a word, which may have brackets; what it leaves out stands in the comment."""
    if isinstance(node, Named):
        return node.name
    if isinstance(node, Id):
        return f"Id[{node.table}]"
    if isinstance(node, Scalar):
        return notation(node)
    if isinstance(node, Constrained):
        return _word(node.inner)
    if isinstance(node, Literal):
        return notation(Scalar(node.kind))
    if isinstance(node, Array):
        return f"list[{_word(node.element)}]"
    if isinstance(node, Record):
        return "dict"
    if isinstance(node, Object):
        return "object"
    if isinstance(node, Doc):
        return f"Doc[{node.table}]"
    words = dict.fromkeys(_word(arm) for arm in node.arms if arm != NULL)
    return "union" if len(words) != 1 else next(iter(words))


def _comment(field: Field, schema: Schema) -> str:
    marks = [
        *(["optional"] if field.optional else []),
        *_details(field.type, schema),
    ]
    about = first_paragraph(field.description)
    return ": ".join(part for part in (", ".join(marks), about) if part)


def _details(node: Type, schema: Schema) -> Iterator[str]:
    """What the word for a type does not tell."""
    if isinstance(node, Named):
        yield _shortened(schema.types[node.name].type)
    elif isinstance(node, Constrained):
        yield from _details(node.inner, schema)
        yield from map(constraint_notation, node.constraints)
    elif not _is_told(node):
        arms = [a for a in node.arms if a != NULL] if isinstance(node, Union) else []
        if len(arms) == 1 and _is_told(arms[0]):
            yield "or None"
        else:
            yield _shortened(node)


def _is_told(node: Type) -> bool:
    """Whether the word for a type tells all of it."""
    if isinstance(node, Array):
        return _is_told(node.element)
    return isinstance(node, (Scalar, Id, Named))


def _shortened(node: Type) -> str:
    text = notation(node)
    if "'" not in text:
        text = text.replace('"', "'")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
