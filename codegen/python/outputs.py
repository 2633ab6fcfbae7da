"""The table of outputs: which files a package has, and what each is rendered from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from codegen.diagnostics import Fault
from codegen.ir.canonical import dumps, function_json, table_json
from codegen.ir.model import NamedType, Schema, Table

from .annotations import Annotator
from .classes import ClassNames, class_names
from .function_modules import FunctionModule, function_modules, renumbered
from .names import module_names
from .type_modules import TypeModules
from .views.functions import function_folder_view, functions_view
from .views.package import ids_view, package_view, server_view, tables_view
from .views.tables import table_view
from .views.types import type_view, types_view


@dataclass(frozen=True, slots=True)
class Output:
    """A file to generate: `inputs` is a digest of all that its text depends on."""

    path: str
    inputs: str
    text: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """A row of the table: one file, its template, its view, and whether it is there at all."""

    path: str
    template: str
    view: Callable[[Package], object]
    when: Callable[[Package], bool] = lambda package: True


@dataclass(frozen=True, slots=True)
class Package:
    """A schema with the names that its package gives to everything."""

    schema: Schema
    names: ClassNames
    types: TypeModules
    modules: Mapping[str, str]
    functions: tuple[FunctionModule, ...]

    def table_view(self, table: Table) -> object:
        return table_view(
            table, self.schema, self.names, self.types, self.modules[table.name]
        )

    def type_view(self, named: NamedType) -> object:
        return type_view(named, self.schema, self.names, self.types)

    def functions_view(self, module: FunctionModule) -> object:
        annotator = Annotator(
            self.schema,
            self.names,
            self.types,
            folder="",
            package=module.package,
            shadowed=frozenset(module.functions.values()),
            tables=self.modules,
        )
        return functions_view(module, self.schema, annotator)


# Files come in the order in which they are written: what others import comes first.
_SHARED = (
    OutputSpec(
        "types/__init__.py",
        "types.py.jinja",
        lambda package: types_view(package.schema, package.names, package.types),
        when=lambda package: bool(package.schema.types),
    ),
    OutputSpec(
        "ids.py",
        "ids.py.jinja",
        lambda package: ids_view(package.names, package.modules),
    ),
    OutputSpec("tables/__init__.py", "tables.py.jinja", lambda package: tables_view()),
    OutputSpec(
        "server.py", "server.py.jinja", lambda package: server_view(package.modules)
    ),
    OutputSpec(
        "__init__.py",
        "package.py.jinja",
        lambda package: package_view(
            package.schema, package.names, package.types, package.modules
        ),
    ),
)


def package(schema: Schema, models: Mapping[str, str]) -> tuple[Package, list[Fault]]:
    """The package of a schema that has passed its checks; `models` are class names by table."""
    names, faults = class_names(schema, models)
    modules = module_names(sorted(schema.tables))
    functions = tuple(function_modules(schema.functions.values()))
    faults += renumbered(functions)
    return Package(schema, names, TypeModules(schema), modules, functions), faults


def outputs(package: Package) -> Iterator[Output]:
    """Every file of the package, to be rendered on demand."""
    schema = package.schema
    shared = _digest(*_names(package), dumps(Schema(types=schema.types)))
    for name, module in sorted(package.types.own.items()):
        yield _output(
            f"types/{module}.py",
            shared,
            "type.py.jinja",
            partial(package.type_view, schema.types[name]),
        )
    tables = {name: table_json(table) for name, table in schema.tables.items()}
    for name, module in sorted(package.modules.items()):
        table = schema.tables[name]
        yield _output(
            f"tables/{module}.py",
            _digest(shared, tables[name]),
            "table.py.jinja",
            partial(package.table_view, table),
        )
    for part in package.functions:
        if part.functions:
            view, template = package.functions_view, "functions.py.jinja"
        else:
            view, template = function_folder_view, "function_folder.py.jinja"
        own = [function_json(schema.functions[path]) for path in part.functions]
        inputs = _digest(shared, *part.functions.values(), *part.modules, *own)
        yield _output(part.path, inputs, template, partial(view, part))
    for spec in _SHARED:
        if spec.when(package):
            whole = partial(spec.view, package)
            yield _output(spec.path, shared, spec.template, whole)
    text = dumps(schema, tables).encode()
    yield Output("_schema.json", sha256(text).hexdigest(), lambda: text)
    yield Output("py.typed", "", lambda: b"")


def _output(
    path: str, inputs: str, template: str, view: Callable[[], object]
) -> Output:
    return Output(path, inputs, lambda: _render(template, view()))


def _digest(*texts: str) -> str:
    return sha256("\0".join(texts).encode()).hexdigest()


def _names(package: Package) -> Iterator[str]:
    """The names that one file may use of another."""
    for table, own in sorted(package.names.tables.items()):
        yield from (table, package.modules[table], own.document, own.id)
        for arm in own.arms:
            yield from (arm.document, arm.new, arm.patch)
    for table, name in sorted(package.names.ids.items()):
        yield from (table, name)


def _render(template: str, view: object) -> bytes:
    # Commands that only name classes do without the templates.
    from .render import render

    return render(template, view)
