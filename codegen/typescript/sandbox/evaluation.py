"""Runs modules of a project, and says what came of each."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files as resources
from typing import Final

from codegen.ir.types import JsonValue

from .copies import Copies
from .deno import Run, run
from .graph import Code, Data, Graph

_ENTRY: Final = "main.mjs"
_SCRIPTS: Final = ("answers.mjs", "commonjs.mjs", "missing.mjs")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The answers of modules, in the order of the question, until one ended it all."""

    answers: Sequence[Mapping[str, JsonValue]]
    """For each module `told`, or `failure`: an error with `name`, `message` and `stack`."""
    copies: Copies
    end: Run


def evaluate(graph: Graph, modules: Sequence[Code | Data], tell: str) -> Evaluation:
    """What `tell`, a function of answers.mjs, says of modules.

    Raises NoEngine.
    """
    copies = Copies(graph)
    mark = secrets.token_hex(16)
    lines = [
        f'import {{ answering, finish, {tell} }} from "./answers.mjs";',
        f'const answer = answering("{mark}");',
        *(
            f'await answer(() => import("./{copies.name(module)}"), {tell});'
            for module in modules
        ),
        "finish();",
    ]
    ours = resources("codegen.typescript.sandbox").joinpath("scripts")
    scripts = [(name, ours.joinpath(name).read_bytes()) for name in _SCRIPTS]
    entry = "\n".join(lines).encode()
    end = run([*copies.files(), *scripts, (_ENTRY, entry)], _ENTRY)
    return Evaluation([*_answers(end.output, mark)], copies, end)


def _answers(output: str, mark: str) -> list[dict[str, JsonValue]]:
    """The lines behind the mark; the last one may have been cut off."""
    found: list[dict[str, JsonValue]] = []
    for text in output.split(mark)[1:]:
        line, newline, _ = text.partition("\n")
        if newline:
            found.append(json.loads(line))
    return found
