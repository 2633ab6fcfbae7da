"""How much of real Convex apps is read, and whether it is what the real package says.

`python -m tests.typescript.apps CORPUS REPOSITORIES [--evaluate]`, where CORPUS holds

    index.tsv               name, repository and path of the schema, with a line of titles
    schemas/<name>.json     what `schema.export()` gives
    functions/<name>.json   {"functionsDir": …, "functions": [{path, type, visibility, args, returns}]}

and REPOSITORIES the source of each app in a folder of its name, with `node_modules` in it where its
packages are installed.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codegen.diagnostics import Diagnostics
from codegen.interop import convex_json
from codegen.ir.model import Schema
from codegen.ir.types import Type
from codegen.language.convex_json_reader import Reader
from codegen.typescript.functions import Functions
from codegen.typescript.program import Program
from codegen.typescript.sandbox.app import evaluate_schema
from codegen.typescript.schema import read_schema
from codegen.typescript.types import Types

from .sources import Sources


@dataclass(frozen=True)
class App:
    """An app of the corpus."""

    name: str
    schema: str
    corpus: Path
    files: Sources

    def told(self, kind: str) -> Any:
        """What the real package says, if it was asked."""
        path = self.corpus / kind / f"{self.name}.json"
        return json.loads(path.read_text("utf-8")) if path.exists() else None

    def read_schema(self, *, evaluate: bool) -> str:
        """Whether the schema is exact, refused or wrong."""
        diagnostics = Diagnostics()
        read = evaluate_schema if evaluate else read_schema
        loaded = read(self.files, self.schema, diagnostics)
        if loaded is None:
            first = next(iter(diagnostics))
            print(f"{self.name}: {first.span}: {first.message}")
            return (
                "refused, with its place" if first.span else "refused, without a place"
            )
        told = convex_json.export(Reader([]).schema(self.told("schemas")))
        return "exact" if same(told, convex_json.export(loaded.schema)) else "WRONG"

    def read_functions(self) -> Iterator[str]:
        """For each function whether it is exact, warned of, left out or wrong."""
        told = self.told("functions")
        if told is None:
            return
        diagnostics = Diagnostics()
        folder = told["functionsDir"]
        types = Types(diagnostics, set())
        functions = Functions(Program(self.files), types, diagnostics)
        found = functions.read(folder, self.files.files(folder))
        schema = Schema(types=types.named)
        warnings = " ".join(one.what for one in functions.unread)
        for said in told["functions"]:
            path = said["path"]
            function = found.get(path)
            if "args" not in said:
                yield "not evaluated by the real package"
            elif function is None:
                yield "left out"
            elif f"`{path}`" in warnings:
                yield "read in part, with a warning"
            else:
                ours = [
                    *(function.kind, function.visibility),
                    *(_json(function.args, schema), _json(function.returns, schema)),
                ]
                theirs = [said[k] for k in ("type", "visibility", "args", "returns")]
                yield "exact" if same(ours, theirs) else f"WRONG: {self.name} {path}"


def _json(type_: Type | None, schema: Schema) -> Any:
    return None if type_ is None else convex_json.validator(type_, schema)


def same(left: object, right: object) -> bool:
    """Whether two values are the same JSON; the order of keys is not kept in the corpus."""
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


def apps(corpus: Path, repositories: Path) -> Iterator[App]:
    """The apps that are listed."""
    for line in (corpus / "index.tsv").read_text("utf-8").splitlines()[1:]:
        name, _, schema = line.split("\t")
        yield App(name, schema, corpus, Sources(repositories / name))


def main(corpus: str, repositories: str, *flags: str) -> None:
    """Prints how many schemas and functions are read."""
    listed = list(apps(Path(corpus), Path(repositories)))
    begun = time.perf_counter()
    evaluate = "--evaluate" in flags
    print("schemas", Counter(app.read_schema(evaluate=evaluate) for app in listed))
    print(f"in {time.perf_counter() - begun:.1f} s")
    if not evaluate:
        found = Counter(verdict for app in listed for verdict in app.read_functions())
        print("functions", found)


if __name__ == "__main__":
    main(*sys.argv[1:])
