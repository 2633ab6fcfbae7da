"""The modules of the schema's named types."""

from __future__ import annotations

from dataclasses import dataclass

from codegen.ir.model import NamedType, Schema
from codegen.ir.types import Object

from ..annotations import Annotator
from ..classes import ClassNames
from ..code import Code, identifier
from ..docstrings import described
from ..layout import alias
from ..type_modules import TypeModules
from .exports import ExportView, export_views, lazy_imports
from .header import header
from .models import ModelView, object_view, object_views


@dataclass(frozen=True, slots=True)
class TypeView:
    """A named type that holds an object: its class, or the alias of what it stands for.

    `alias` is set where it comes after classes that it needs.
    """

    docstring: Code
    imports: Code
    aliases: tuple[Code, ...]
    models: tuple[ModelView, ...]
    alias: Code


@dataclass(frozen=True, slots=True)
class TypesView:
    """The aliases of all other named types, and the way to the modules of these."""

    docstring: Code
    imports: Code
    aliases: tuple[Code, ...]
    lazy_imports: Code
    exports: tuple[ExportView, ...]
    lazy: tuple[ExportView, ...]


def type_view(
    named: NamedType, schema: Schema, names: ClassNames, types: TypeModules
) -> TypeView:
    annotator = Annotator(schema, names, types, folder="types")
    if isinstance(named.type, Object):
        model = object_view(annotator, named.name, named.type, named.description)
        models = (*object_views(annotator), model)
        aliases = tuple(annotator.aliases)
        definition = Code()
    else:
        definition = _alias(annotator, named)
        models = object_views(annotator)
        aliases = tuple(annotator.aliases)
        if not models:  # then it stands with the other aliases
            aliases, definition = (*aliases, definition), Code()
    return TypeView(
        docstring=header(f"The `{named.name}` type."),
        models=models,
        aliases=aliases,
        alias=definition,
        imports=annotator.imports.block(),
    )


def types_view(schema: Schema, names: ClassNames, types: TypeModules) -> TypesView:
    annotator = Annotator(schema, names, types, folder="types", module=".")
    aliases: list[Code] = []
    for name in types.aliases:
        definition = _alias(annotator, schema.types[name])
        aliases += [*annotator.aliases, definition]
        annotator.aliases.clear()
    lazy = {name: f".{module}" for name, module in types.own.items()}
    if lazy:
        annotator.imports.use("typing", "TYPE_CHECKING")
        annotator.imports.use("importlib", "import_module")
    return TypesView(
        docstring=header(
            "The schema's named types; one that holds an object has its own module."
        ),
        imports=annotator.imports.block(),
        aliases=tuple(aliases),
        exports=export_views({name: lazy.get(name, "") for name in schema.types}),
        lazy_imports=lazy_imports(lazy),
        lazy=export_views(lazy),
    )


def _alias(annotator: Annotator, named: NamedType) -> Code:
    type_alias = annotator.imports.use("typing", "TypeAlias")
    annotation = annotator.definition(named.type, named.name)
    definition = alias(identifier(named.name), annotation, type_alias)
    return described(definition, named.description, 0)
