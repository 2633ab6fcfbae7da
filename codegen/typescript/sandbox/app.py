"""From `schema.ts`, or a whole `convex` folder, to the IR, by running its modules."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import replace

from codegen.diagnostics import Diagnostic, Diagnostics, Path
from codegen.ir.model import Schema
from codegen.language.convex_json_reader import Reader
from codegen.language.json_reading import read_json
from codegen.language.source import Loaded, SourceFile, Unread
from codegen.typescript.discovery import SCHEMA_FILES, module_path
from codegen.typescript.program import Program
from codegen.typescript.resolution import Files

from .deno import NoEngine
from .evaluation import Evaluation, Told, evaluate
from .faults import fault, no_engine, whole
from .functions import FunctionModules
from .graph import Graph
from .written import Written, place_of_schema


def evaluate_schema(files: Files, path: str, diagnostics: Diagnostics) -> Loaded | None:
    """The schema that a module exports once it has run; None, and diagnostics, at any fault."""
    return _evaluate(files, path, FunctionModules(), diagnostics)


def evaluate_app(
    files: Files, folder: str, names: Sequence[str], diagnostics: Diagnostics
) -> Loaded | None:
    """The schema and the functions of a `convex` folder, whose files are `names`.

    None, and diagnostics, at any fault of the schema. Of a module with functions that fails, and
    for a warning, there is what can be read without running it. One that ends the program, as
    one does that never returns, takes with it those that come later in the order of their names.
    """
    path = posixpath.join(folder, next(filter(names.__contains__, SCHEMA_FILES)))
    return _evaluate(files, path, FunctionModules(folder, names), diagnostics)


def _evaluate(
    files: Files, path: str, functions: FunctionModules, diagnostics: Diagnostics
) -> Loaded | None:
    graph = Graph(files)
    module = graph.add(path)
    if module is None:
        diagnostics.add(Diagnostic("E001", "there is no such file", whole(path)))
        return None
    modules = functions.add_to(graph, files)
    asked = [(module, "schemaOf"), *((m, "functionsOf") for m in modules.values())]
    try:
        evaluation = evaluate(graph, asked)
    except NoEngine:
        diagnostics.add(no_engine())
        return None
    program = Program(files)
    schema = _schema(evaluation, path, program, diagnostics)
    if schema is None:
        return None
    found, failed = functions.read(evaluation, [*modules])
    written = Written(program, path, schema, functions.folder, functions.names)
    unread: list[Unread] = []
    for name, why in failed.items():
        found |= written.functions(module_path(name))
        file = posixpath.join(functions.folder, name)
        what = f"the functions of {file} are read without running it"
        module_of: Path = ("modules", module_path(name))
        unread.append(Unread(module_of, what, replace(why, code="W702")))
    schema = written.named(replace(schema, functions=found))
    told = frozenset(found) if functions.names else None
    return Loaded(
        schema,
        written.locate,
        exported=True,
        exported_functions=told,
        unread=tuple(unread),
    )


def _schema(
    evaluation: Evaluation, path: str, program: Program, diagnostics: Diagnostics
) -> Schema | None:
    answer = evaluation.answers[0] if evaluation.answers else None
    if not isinstance(answer, Told):
        diagnostics.add(fault(evaluation, 0, path))
        return None
    place = place_of_schema(program, path)
    if not isinstance(answer.value, str):
        message = "what this module exports by default is not a schema"
        hint = "write `export default defineSchema({…})`"
        diagnostics.add(Diagnostic("E703", message, place, hint))
        return None
    faults = Diagnostics()
    read = read_json(
        SourceFile(path, answer.value.encode("utf-8", "surrogatepass")),
        lambda data, found: Reader(found).schema(data),
        faults,
    )
    for found in faults:
        message = f"what this schema exports can't be read: {found.message}"
        diagnostics.add(Diagnostic("E713", message, place, found.hint))
    return read[0] if read else None
