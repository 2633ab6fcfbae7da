"""Runs modules of a project, and says what came of each."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files as resources
from typing import Final, TypeAlias

from codegen.ir.types import JsonValue

from .copies import Copies
from .deno import Run, run
from .graph import Code, Data, Graph

_ENTRY: Final = "main.mjs"
_SCRIPTS: Final = ("answers.mjs", "commonjs.mjs", "missing.mjs")


@dataclass(frozen=True, slots=True)
class Failure:
    """An error of JavaScript that a module raised."""

    name: str
    message: str
    stack: str
    missing: str
    """The copy of the module that is missing, if that is the reason."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a module exports."""

    value: JsonValue


Answer: TypeAlias = Told | Failure


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The answers of modules, in the order of the question, until one ended it all."""

    answers: Sequence[Answer]
    copies: Copies
    end: Run


def evaluate(graph: Graph, asked: Sequence[tuple[Code | Data, str]]) -> Evaluation:
    """What functions of answers.mjs tell of modules of the graph.

    Raises NoEngine.
    """
    copies = Copies(graph)
    mark = secrets.token_hex(16)
    lines = [
        # These run before all others, which need them even in cycles.
        'import "./missing.mjs";',
        'import "./commonjs.mjs";',
        'import { answering, finish, functionsOf, schemaOf } from "./answers.mjs";',
        f'const answer = answering("{mark}");',
        *(
            f'await answer(() => import("{copies.url(module)}"), {tell});'
            for module, tell in asked
        ),
        "finish();",
    ]
    ours = resources("codegen.typescript.sandbox").joinpath("scripts")
    scripts = [(name, ours.joinpath(name).read_bytes()) for name in _SCRIPTS]
    entry = "\n".join(lines).encode()
    end = run([*copies.files(), *scripts, (_ENTRY, entry)], _ENTRY)
    return Evaluation([*_answers(end.output, mark)], copies, end)


def _answers(output: str, mark: str) -> Iterator[Answer]:
    """The lines behind the mark; the last one may have been cut off."""
    for text in output.split(mark)[1:]:
        line, newline, _ = text.partition("\n")
        if newline:
            answer: dict[str, JsonValue] = json.loads(line)
            failure = answer.get("failure")
            if isinstance(failure, dict):
                parts = ("name", "message", "stack", "missing")
                yield Failure(*(str(failure.get(part, "")) for part in parts))
            else:
                yield Told(answer.get("told"))
