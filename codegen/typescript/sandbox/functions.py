"""The modules of a `convex` folder that have functions, and what running them tells."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Sequence
from dataclasses import dataclass

from codegen.diagnostics import Diagnostic, Diagnostics
from codegen.ir.model import Function
from codegen.ir.types import JsonValue
from codegen.language.function_spec import load_functions
from codegen.language.source import SourceFile
from codegen.typescript.discovery import is_module, module_files, module_path
from codegen.typescript.resolution import Files

from .evaluation import Evaluation, Told
from .faults import fault, whole
from .graph import Code, Data, Graph


@dataclass(frozen=True, slots=True)
class FunctionModules:
    """The modules of a folder, whose files are `names`."""

    folder: str = ""
    names: Sequence[str] = ()

    def add_to(self, graph: Graph, files: Files) -> dict[str, Code | Data]:
        """The modules by their names, with all that they need in the graph."""
        found: dict[str, Code | Data] = {}
        for name in module_files(sorted(self.names)):
            path = posixpath.join(self.folder, name)
            if is_module(path, files.read(path) or b""):
                module = graph.add(path)
                if module is not None:
                    found[name] = module
        return found

    def read(
        self, evaluation: Evaluation, names: Sequence[str], diagnostics: Diagnostics
    ) -> dict[str, Function]:
        """The functions by their paths, from the answers behind that of the schema."""
        functions: dict[str, Function] = {}
        answers = evaluation.answers[1:]
        for number, name in enumerate(names):
            path = posixpath.join(self.folder, name)
            answer = answers[number] if number < len(answers) else None
            if isinstance(answer, Told):
                functions.update(_functions(name, path, answer.value, diagnostics))
                continue
            last = posixpath.join(self.folder, names[min(number, len(answers))])
            _warn(path, fault(evaluation, number + 1, last), diagnostics)
        return functions


def _functions(
    name: str, path: str, told: JsonValue, diagnostics: Diagnostics
) -> dict[str, Function]:
    """The functions of one module."""
    spec = [
        {**function, "identifier": f"{module_path(name)}:{function['name']}"}
        for function in (told if isinstance(told, list) else [])
        if isinstance(function, dict)
    ]
    faults = Diagnostics()
    text = json.dumps({"functions": spec})
    read = load_functions(SourceFile(path, text.encode()), faults)
    for found in faults:
        _warn(path, Diagnostic(found.code, found.message, whole(path)), diagnostics)
    return {} if read is None else dict(read.functions)


def _warn(path: str, why: Diagnostic, diagnostics: Diagnostics) -> None:
    message = f"the functions of {path} can't be read: {why.message}"
    span = why.span or whole(path)
    diagnostics.add(Diagnostic("W702", message, span, why.hint, why.notes))
