"""The modules of a `convex` folder that have functions, and what running them tells."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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
        self, evaluation: Evaluation, names: Sequence[str]
    ) -> tuple[dict[str, Function], dict[str, Diagnostic]]:
        """From the answers behind that of the schema: functions by their paths.

        And by the names of modules, why others told nothing.
        """
        functions: dict[str, Function] = {}
        failed: dict[str, Diagnostic] = {}
        answers = evaluation.answers[1:]
        for number, name in enumerate(names):
            answer = answers[number] if number < len(answers) else None
            if isinstance(answer, Told):
                faults = Diagnostics()
                path = posixpath.join(self.folder, name)
                functions.update(_functions(name, path, answer.value, faults))
                if faults.failed:
                    failed[name] = next(iter(faults))
            else:
                last = posixpath.join(self.folder, names[min(number, len(answers))])
                failed[name] = fault(evaluation, number + 1, last)
        return functions, failed


def _functions(
    name: str, path: str, told: JsonValue, diagnostics: Diagnostics
) -> Mapping[str, Function]:
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
        diagnostics.add(replace(found, span=whole(path)))
    return {} if read is None else read.functions
