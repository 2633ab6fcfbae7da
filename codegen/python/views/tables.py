"""The module of a table: its documents, what is written to it, and its index queries."""

from __future__ import annotations

from dataclasses import dataclass

from codegen.ir.model import Schema, Table

from ..annotations import Annotator, either
from ..classes import ArmNames, ClassNames
from ..code import Call, Code, Sub, identifier, keyword, literal
from ..docstrings import docstring
from ..layout import alias, class_header, field
from ..names import method_names
from ..type_modules import TypeModules
from .header import header
from .indexes import IndexView, index_view
from .models import (
    DocumentView,
    ModelView,
    document_view,
    new_view,
    object_views,
    patch_view,
)


@dataclass(frozen=True, slots=True)
class TableView:
    docstring: Code
    imports: Code
    aliases: tuple[Code, ...]
    nested: tuple[ModelView, ...]
    documents: tuple[DocumentView, ...]
    union: Code
    writes: tuple[ModelView, ...]
    queries: Code
    queries_docstring: Code
    indexes: tuple[IndexView, ...]
    handle: Code


def table_view(
    table: Table, schema: Schema, names: ClassNames, types: TypeModules, module: str
) -> TableView:
    own = names.tables[table.name]
    annotator = Annotator(schema, names, types, folder="tables")
    id_ = annotator.id(table.name)
    document = identifier(own.document)

    documents: list[DocumentView] = []
    writes: list[ModelView] = []
    for arm in own.arms:
        documents.append(_document(annotator, table, arm, id_))
        writes += _writes(annotator, table, arm, id_, document)
    arms = [identifier(arm.document) for arm in own.arms]
    union = Code()
    if len(arms) > 1:
        annotator.imports.use("typing", "TypeAlias")
        union = alias(document, either(arms))

    methods = method_names(index.name for index in table.indexes)
    indexes = tuple(
        index_view(
            annotator,
            schema,
            index,
            methods[index.name],
            document=document,
            owner=own.document,
            shapes=[arm.shape for arm in own.arms],
        )
        for index in table.indexes
        if not index.staged
    )
    if indexes:
        annotator.imports.use("typing", "overload")
    final = annotator.imports.use("typing", "Final")
    base = Sub(annotator.imports.runtime("Queries"), (document,))
    queries = identifier(own.queries)
    return TableView(
        docstring=header(f"The `{table.name}` table."),
        nested=object_views(annotator),
        aliases=tuple(annotator.aliases),
        imports=annotator.imports.block(),
        documents=tuple(documents),
        union=union,
        writes=tuple(writes),
        queries=class_header(queries, [base]),
        queries_docstring=docstring(
            f"Every index of `{table.name}`; bounds follow the order of its fields."
        ),
        indexes=indexes,
        handle=field(identifier(module), final, Call(queries, arms), indent=0),
    )


def _document(
    annotator: Annotator, table: Table, arm: ArmNames, id_: Code
) -> DocumentView:
    return document_view(
        annotator,
        arm.document,
        arm.shape,
        table=table.name,
        id_=id_,
        about=table.description or f"A document of `{table.name}`.",
    )


def _writes(
    annotator: Annotator, table: Table, arm: ArmNames, id_: Code, document: Code
) -> tuple[ModelView, ModelView]:
    new = new_view(
        annotator, arm.new, arm.shape, owner=arm.document, table=table.name, id_=id_
    )
    patch = patch_view(
        annotator,
        arm.patch,
        arm.shape,
        owner=arm.document,
        table=table.name,
        document=document,
    )
    return new, patch
