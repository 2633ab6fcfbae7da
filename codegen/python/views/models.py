"""Classes with fields: documents, nested objects, and what is written to a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from codegen.ir.model import Table
from codegen.ir.types import Field, Object
from codegen.ir.values import decode

from ..annotations import Annotator, marked, optional
from ..classes import ArmNames
from ..code import Code, Sub, identifier, keyword, literal
from ..docstrings import described, docstring
from ..layout import block, class_header, field
from ..names import derived_wire_name, field_names, snake_case

_NONE: Final = literal(None)
_PASS: Final = Code("    pass")


@dataclass(frozen=True, slots=True)
class ModelView:
    """A class of fields; `spaced` sets them apart from the docstring."""

    header: Code
    docstring: Code
    spaced: bool
    fields: Code


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document's class: its id and creation time, then its own fields."""

    header: Code
    docstring: Code
    id: Code
    fields: Code


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
    return fields_view(annotator, name, shape.fields, names, [base], about, owner=name)


def fields_view(
    annotator: Annotator,
    name: str,
    fields: tuple[Field, ...],
    names: Mapping[str, str],
    bases: Sequence[Code],
    about: str,
    *,
    owner: str,
) -> ModelView:
    """A class of fields; the classes and aliases inside it are named after `owner`."""
    odd = _odd(names)
    wire = [keyword(identifier("wire"), literal(odd))] if odd else []
    text = docstring(about)
    stored = _stored_fields(annotator, owner, fields, names)
    lines = _described(fields, stored)
    if not lines and not text:
        lines = _PASS
    return ModelView(
        header=class_header(identifier(name), [*bases, *wire]),
        docstring=text,
        spaced=bool(text and lines),
        fields=lines,
    )


@dataclass(frozen=True, slots=True)
class ArmView:
    """The classes of one shape of a table's documents, and the wire names that they share.

    `constants` are defaults that are lists or dicts: each document gets a copy of such a
    default, which linters doubt where they see the list itself.
    """

    wire: Code
    document: DocumentView
    constants: tuple[Code, ...]
    new: ModelView
    patch: ModelView


def arm_view(
    annotator: Annotator, arm: ArmNames, table: Table, id_: Code, document: Code
) -> ArmView:
    """The document, what is inserted, and what changes it; `document` is what the id finds."""
    fields = arm.shape.fields if arm.shape else ()
    names = field_names([f.name for f in fields], document=True)
    odd = _odd(names)
    keywords = [keyword(identifier("table"), literal(table.name))]
    wire = Code()
    if odd:
        final = annotator.imports.use("typing", "Final")
        wire_name = annotator.constant(snake_case(arm.document), "wire")
        wire = field(wire_name, final, literal(odd), indent=0)
        keywords.append(keyword(identifier("wire"), wire_name))
    if arm.shape is None:
        # a constructor that takes any name, to a checker
        keywords.append(keyword(identifier("init"), literal(False)))

    def model(
        name: str, base: Code, members: Iterable[Code], nulls: Sequence[str] = ()
    ) -> ModelView:
        null = [keyword(identifier("null"), literal(list(nulls)))] if nulls else []
        header = class_header(identifier(name), [base, *keywords, *null])
        return ModelView(header, Code(), False, block(members) or _PASS)

    def base(name: str, of: Code) -> Code:
        return Sub(annotator.imports.runtime(_base(name, arm)), (of,))

    stored = _stored_fields(annotator, arm.document, fields, names)
    constants: list[Code] = []
    return ArmView(
        wire=wire,
        document=DocumentView(
            header=class_header(
                identifier(arm.document),
                [annotator.imports.runtime(_base("Document", arm)), *keywords],
            ),
            docstring=docstring(table.description or f"A document of `{table.name}`."),
            id=field(identifier("id"), id_),
            fields=_described(fields, stored),
        ),
        new=model(
            arm.new,
            base("New", id_),
            _new_fields(annotator, arm.document, fields, names, stored, constants),
            # To Python, None is also what stands for an absent field.
            [names[f.name] for f in fields if f.default and f.default.value is None],
        ),
        constants=tuple(constants),
        patch=model(
            arm.patch,
            base("Patch", document),
            _patch_fields(annotator, arm.document, fields, names),
        ),
    )


def _stored_fields(
    annotator: Annotator,
    owner: str,
    fields: tuple[Field, ...],
    names: Mapping[str, str],
) -> tuple[Code, ...]:
    return tuple(
        [
            field(identifier(names[one.name]), *_stored(annotator, owner, one))
            for one in fields
        ]
    )


def _described(fields: Iterable[Field], lines: Iterable[Code]) -> Code:
    return block(
        described(line, one.description) if one.description else line
        for one, line in zip(fields, lines, strict=True)
    )


def _new_fields(
    annotator: Annotator,
    owner: str,
    fields: tuple[Field, ...],
    names: Mapping[str, str],
    stored: tuple[Code, ...],
    constants: list[Code],
) -> Iterable[Code]:
    """The fields as they are stored, but for the defaults of the schema."""
    for one, line in zip(fields, stored, strict=True):
        if one.default is None:
            yield line
        else:
            name = names[one.name]
            annotation, _ = _stored(annotator, owner, one)
            value = decode(one.default.value)
            default = literal(value)
            if isinstance(value, list | dict):
                constant = annotator.constant(snake_case(owner), name)
                final = Sub(annotator.imports.use("typing", "Final"), (annotation,))
                constants.append(field(constant, final, default, indent=0))
                default = constant
            yield field(identifier(name), annotation, default)


def _patch_fields(
    annotator: Annotator,
    owner: str,
    fields: tuple[Field, ...],
    names: Mapping[str, str],
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


def _base(name: str, arm: ArmNames) -> str:
    """The runtime's base class; documents of any shape have bases of their own."""
    return name if arm.shape else f"Open{name}"


def _odd(names: Mapping[str, str]) -> dict[str, str]:
    """The attributes that do not tell their wire names, with these."""
    return {
        attribute: wire
        for wire, attribute in names.items()
        if derived_wire_name(attribute) != wire
    }
