"""The modules of functions: a class for each function, whose fields are the arguments."""

from __future__ import annotations

from dataclasses import dataclass

from codegen.ir.model import Function, Schema
from codegen.ir.types import ANY, Constrained, Named, Object, Type

from ..annotations import Annotator
from ..code import Code, Sub, identifier, keyword, literal
from ..function_modules import FunctionModule
from ..import_block import import_block
from ..names import argument_names, pascal_case
from .exports import ExportView, export_views
from .header import header
from .models import ModelView, fields_view, object_views


@dataclass(frozen=True, slots=True)
class FunctionsView:
    """The functions of one module, and the objects that they take and return."""

    docstring: Code
    imports: Code
    aliases: tuple[Code, ...]
    models: tuple[ModelView, ...]


@dataclass(frozen=True, slots=True)
class FunctionFolderView:
    """A folder without functions of its own: its modules are imported on first use."""

    docstring: Code
    lazy_imports: Code
    exports: tuple[ExportView, ...]


def functions_view(
    module: FunctionModule, schema: Schema, annotator: Annotator
) -> FunctionsView:
    """The view of a module that has functions."""
    calls = tuple(
        _call(annotator, schema.functions[path], name, schema)
        for path, name in module.functions.items()
    )
    for inside in module.modules:
        annotator.imports.submodule(inside)
    return FunctionsView(
        docstring=header(f"The functions of `{module.wire_name}`."),
        models=(*object_views(annotator), *calls),
        aliases=tuple(annotator.aliases),
        imports=annotator.imports.block(),
    )


def function_folder_view(module: FunctionModule) -> FunctionFolderView:
    """The view of a module that has other modules only."""
    about = f"The functions below `{module.wire_name}/`, by module."
    if not module.wire_name:
        about = f"The {_KINDS[module.name]} functions of the deployment, by module."
    return FunctionFolderView(
        docstring=header(about),
        lazy_imports=import_block({".": dict.fromkeys(module.modules)}, indent=4),
        exports=export_views(dict.fromkeys(module.modules, "")),
    )


_KINDS = {"api": "public", "internal": "internal"}


def _call(
    annotator: Annotator, function: Function, name: str, schema: Schema
) -> ModelView:
    shape = _arguments(function.args, schema)
    owner = pascal_case(name)
    result = ANY if function.returns is None else function.returns
    returns = annotator.annotate(result, f"{owner}Result")
    kind = keyword(identifier(function.kind), literal(function.path))
    base = annotator.imports.runtime("OpenCall" if shape is None else "Call")
    bases = [Sub(base, (returns,)), kind]
    if shape is None:
        # a constructor that takes any name, to a checker
        bases.append(keyword(identifier("init"), literal(False)))
    fields = shape.fields if shape else ()
    names = argument_names([field.name for field in fields])
    about = function.description
    return fields_view(annotator, name, fields, names, bases, about, owner=owner)


def _arguments(args: Type, schema: Schema) -> Object | None:
    while isinstance(args, (Named, Constrained)):
        args = schema.types[args.name].type if isinstance(args, Named) else args.inner
    return args if isinstance(args, Object) else None
