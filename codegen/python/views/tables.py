"""The module of a table: its documents, what is written to it, and its index queries."""

from __future__ import annotations

from dataclasses import dataclass

from codegen.ir.model import Schema, Table

from ..annotations import Annotator, either
from ..classes import ClassNames
from ..code import Call, Code, Sub, identifier
from ..docstrings import docstring
from ..layout import alias, class_header, field
from ..names import method_names
from ..type_modules import TypeModules
from .header import header
from .indexes import IndexView, Method, index_view
from .models import DocumentView, ModelView, arm_view, object_views
from .searches import search_view


@dataclass(frozen=True, slots=True)
class TableView:
    docstring: Code
    imports: Code
    aliases: tuple[Code, ...]
    nested: tuple[ModelView, ...]
    documents: tuple[DocumentView, ...]
    union: Code
    constants: tuple[Code, ...]
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

    views = [arm_view(annotator, arm, table, id_, document) for arm in own.arms]
    arms = [identifier(arm.document) for arm in own.arms]
    union = Code()
    if len(arms) > 1:
        type_alias = annotator.imports.use("typing", "TypeAlias")
        union = alias(document, either(arms), type_alias)

    methods = method_names(
        index.name for index in [*table.indexes, *table.side_indexes]
    )
    shapes = [arm.shape for arm in own.arms]
    method = Method(annotator, schema, document, own.document, shapes)
    indexes = (
        *(
            index_view(method, index, methods[index.name])
            for index in table.indexes
            if not index.staged
        ),
        *(
            search_view(method, index, methods[index.name])
            for index in table.side_indexes
            if not index.staged
        ),
    )
    if any(view.overloads for view in indexes):
        annotator.imports.use("typing", "overload")
    final = annotator.imports.use("typing", "Final")
    base = Sub(annotator.imports.runtime("Queries"), (document,))
    queries = identifier(own.queries)
    return TableView(
        docstring=header(f"The `{table.name}` table."),
        nested=object_views(annotator),
        aliases=(*annotator.aliases, *(view.wire for view in views if view.wire)),
        imports=annotator.imports.block(),
        documents=tuple(view.document for view in views),
        union=union,
        constants=tuple(one for view in views for one in view.constants),
        writes=tuple(one for view in views for one in (view.new, view.patch)),
        queries=class_header(queries, [base]),
        queries_docstring=docstring(
            f"Every index of `{table.name}`; bounds follow the order of its fields."
        ),
        indexes=indexes,
        handle=field(identifier(module), final, Call(queries, arms), indent=0),
    )
