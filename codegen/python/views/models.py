"""Classes with fields: documents, nested objects, and what is written to a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from codegen.ir.types import Field, Object
from codegen.ir.values import decode

from ..annotations import Annotator, optional, marked
from ..code import Code, Sub, identifier, keyword, literal
from ..docstrings import docstring
from ..layout import class_header, field
from ..names import derived_wire_name, field_names

_NONE: Final = literal(None)
_PASS: Final = Code("    pass")


@dataclass(frozen=True, slots=True)
class ModelView:
    """A class of fields; `spaced` sets them apart from the docstring."""

    header: Code
    docstring: Code
    spaced: bool
    fields: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document's class: its id and creation time, then its own fields."""

    header: Code
    docstring: Code
    id: Code
    spaced: bool
    fields: tuple[Code, ...]


def object_views(annotator: Annotator) -> tuple[ModelView, ...]:
    """The classes of all objects that the annotator met, and of those inside them.

    An object comes before those that hold it.
    """
    views: list[ModelView] = []
    while annotator.objects:
        views.append(object_view(annotator, *annotator.objects.pop()))
    views.reverse()
    return tuple(views)


def object_view(
    annotator: Annotator, name: str, shape: Object, about: str = ""
) -> ModelView:
    names = field_names([f.name for f in shape.fields], document=False)
    base = annotator.imports.runtime("Object")
    text = docstring(about)
    fields = tuple(_stored_fields(annotator, name, shape.fields, names))
    if not fields and not text:
        fields = (_PASS,)
    return ModelView(
        header=class_header(identifier(name), [base, *_wire(names)]),
        docstring=text,
        spaced=bool(text and fields),
        fields=fields,
    )


def document_view(
    annotator: Annotator,
    name: str,
    shape: Object | None,
    *,
    table: str,
    id_: Code,
    about: str,
) -> DocumentView:
    names = _names(shape)
    base = _base(annotator, "Document", shape)
    fields = tuple(_stored_fields(annotator, name, _fields(shape), names))
    return DocumentView(
        header=class_header(
            identifier(name), [base, keyword(identifier("table"), literal(table)), *_wire(names)]
        ),
        docstring=docstring(about),
        id=field(identifier("id"), id_),
        spaced=bool(fields),
        fields=fields,
    )


def new_view(
    annotator: Annotator,
    name: str,
    shape: Object | None,
    *,
    owner: str,
    table: str,
    id_: Code,
) -> ModelView:
    """What is inserted: the fields of a document, with the schema's defaults."""
    names = _names(shape)
    base = Sub(_base(annotator, "New", shape), (id_,))
    fields = tuple(_new_fields(annotator, owner, _fields(shape), names))
    return _written(name, base, table, names, fields)


def patch_view(
    annotator: Annotator,
    name: str,
    shape: Object | None,
    *,
    owner: str,
    table: str,
    document: Code,
) -> ModelView:
    """What changes a document: every field may be left out, optional ones removed."""
    names = _names(shape)
    base = Sub(_base(annotator, "Patch", shape), (document,))
    fields = tuple(_patch_fields(annotator, owner, _fields(shape), names))
    return _written(name, base, table, names, fields)


def _written(
    name: str,
    base: Code,
    table: str,
    names: Mapping[str, str],
    fields: tuple[Code, ...],
) -> ModelView:
    return ModelView(
        header=class_header(
            identifier(name),
            [base, keyword(identifier("table"), literal(table)), *_wire(names)],
        ),
        docstring=Code(),
        spaced=False,
        fields=fields or (_PASS,),
    )


def _stored_fields(
    annotator: Annotator, owner: str, fields: tuple[Field, ...], names: Mapping[str, str]
) -> Iterable[Code]:
    for one in fields:
        annotation, default = _stored(annotator, owner, one)
        code = field(identifier(names[one.name]), annotation, default)
        if one.description:
            code = Code(f"{code}\n{docstring(one.description)}")
        yield code


def _new_fields(
    annotator: Annotator, owner: str, fields: tuple[Field, ...], names: Mapping[str, str]
) -> Iterable[Code]:
    for one in fields:
        annotation, default = _stored(annotator, owner, one)
        if one.default is not None:
            default = literal(decode(one.default.value))
        yield field(identifier(names[one.name]), annotation, default)


def _patch_fields(
    annotator: Annotator, owner: str, fields: tuple[Field, ...], names: Mapping[str, str]
) -> Iterable[Code]:
    keep = annotator.imports.runtime("KEEP") if fields else _NONE
    for one in fields:
        annotation = annotator.field(one, owner)
        if one.optional:
            annotation = marked(annotation, annotator.imports.runtime("Remove"))
        yield field(identifier(names[one.name]), annotation, keep)


def _stored(annotator: Annotator, owner: str, one: Field) -> tuple[Code, Code | None]:
    """The annotation of a field as it is stored, and its default where it may be absent."""
    annotation = annotator.field(one, owner)
    if not one.optional:
        return annotation, None
    if annotator.nullable(one.type):
        return optional(annotation), _NONE
    return Sub(annotator.imports.runtime("Opt"), (annotation,)), _NONE


def _base(annotator: Annotator, base: str, shape: Object | None) -> Code:
    """The runtime's base class; documents of any shape have bases of their own."""
    return annotator.imports.runtime(base if shape else f"Open{base}")


def _fields(shape: Object | None) -> tuple[Field, ...]:
    return shape.fields if shape else ()


def _names(shape: Object | None) -> dict[str, str]:
    return field_names([f.name for f in _fields(shape)], document=True)


def _wire(names: Mapping[str, str]) -> Iterable[Code]:
    """The class keyword that gives the wire names which the attributes don't tell."""
    odd = {
        attribute: wire
        for wire, attribute in names.items()
        if derived_wire_name(attribute) != wire
    }
    if odd:
        yield keyword(identifier("wire"), literal(odd))
