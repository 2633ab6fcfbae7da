"""The package's own module, and the small ones beside it: ids, server, tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from codegen.ir.model import Schema

from ..classes import ClassNames, ModuleNames
from ..code import Code, Sub, identifier, keyword, literal
from ..import_block import import_block
from ..imports import Imports
from ..layout import class_header, field
from ..type_modules import TypeModules
from .exports import ExportView, export_views, lazy_imports
from .header import header


@dataclass(frozen=True, slots=True)
class PackageView:
    docstring: Code
    lazy_imports: Code
    exports: tuple[ExportView, ...]
    lazy: tuple[ExportView, ...]


@dataclass(frozen=True, slots=True)
class IdsView:
    docstring: Code
    imports: Code
    documents: Code
    used: Code
    ids: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class TablesView:
    docstring: Code


@dataclass(frozen=True, slots=True)
class TableModuleView:
    table: Code
    name: Code


@dataclass(frozen=True, slots=True)
class ServerView:
    docstring: Code
    modules: tuple[TableModuleView, ...]


def package_view(
    schema: Schema, names: ClassNames, types: TypeModules, modules: Mapping[str, str]
) -> PackageView:
    server = dict.fromkeys(("async_connect", "connect", "schema"), ".server")
    where = server | dict.fromkeys(names.ids.values(), ".ids")
    for table, own in names.tables.items():
        module = f".tables.{modules[table]}"
        where[own.document] = module
        where[modules[table]] = module
        for arm in own.arms:
            where |= dict.fromkeys((arm.document, arm.new, arm.patch), module)
    for name in schema.types:
        own_module = types.own.get(name)
        where[name] = f".types.{own_module}" if own_module else ".types"
    exports = export_views(where)
    return PackageView(
        docstring=header("The documents, ids, index queries and types of this schema."),
        lazy_imports=lazy_imports(where),
        exports=exports,
        lazy=exports,
    )


def ids_view(names: ClassNames, modules: Mapping[str, str]) -> IdsView:
    imports = Imports(names.taken)
    imports.use("typing", "TYPE_CHECKING")
    id_ = imports.runtime("Id")
    documents: dict[str, dict[str, str | None]] = {}
    found = [own.document for own in names.tables.values()]
    ids: list[Code] = []
    outside = names.ids.keys() - names.tables.keys()
    for table, name in sorted(names.ids.items()):
        if table in outside:
            document = imports.use("typing", "Any")
        else:
            own = names.tables[table].document
            document = literal(own)
            documents[f".tables.{modules[table]}"] = {own: None}
        base = Sub(id_, (document,))
        wire_name = keyword(identifier("table"), literal(table))
        ids.append(class_header(identifier(name), [base, wire_name]))
    alias = imports.use("typing", "TypeAlias")
    return IdsView(
        docstring=header(
            "The id of each table: a `str` at run time, its own type to a checker."
        ),
        imports=imports.block(),
        documents=import_block(documents, indent=4),
        # Linters do not see names in quotes: this is the use of the imports.
        used=field(
            identifier(ModuleNames(names.taken).derive("Documents")),
            alias,
            Sub(identifier("tuple"), [identifier(name) for name in sorted(found)]),
        ),
        ids=tuple(ids),
    )


def tables_view() -> TablesView:
    return TablesView(header("One module per table."))


def server_view(modules: Mapping[str, str]) -> ServerView:
    return ServerView(
        docstring=header(
            "Connects to databases; and the tables by their names in the schema."
        ),
        modules=tuple(
            TableModuleView(literal(table), literal(module))
            for table, module in sorted(modules.items())
        ),
    )
