"""The reader's answer and the real package's, in a form in which they compare."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from codegen.diagnostics import Diagnostic, Diagnostics
from codegen.interop import convex_json
from codegen.ir.types import JsonValue
from codegen.typescript.schema import read_schema
from tests.typescript.semantic_cases import SCHEMA
from tests.typescript.sources import Sources


@dataclass(frozen=True)
class Answer:
    """A schema as JSON; None if it can't be told, and why."""

    schema: str | None
    why: tuple[Diagnostic, ...] = field(default=(), compare=False)


def ours(folder: Path, *more: Path) -> Answer:
    """What the reader says of the schema in a folder."""
    diagnostics = Diagnostics()
    loaded = read_schema(Sources(folder, *more), SCHEMA, diagnostics)
    why = tuple(diagnostics)
    if loaded is None:
        assert diagnostics.failed
        return Answer(None, why)
    assert not why
    return Answer(lines(convex_json.export(loaded.schema)))


def theirs(schema: JsonValue) -> Answer:
    """What the real package exported."""
    return Answer(None if schema is None else lines(schema))


def lines(schema: JsonValue) -> str:
    """JSON, line by line; the order of fields is part of a schema."""
    return json.dumps(_ordered(schema), indent=1, sort_keys=True)


def _ordered(node: JsonValue) -> JsonValue:
    if isinstance(node, list):
        return [_ordered(item) for item in node]
    if not isinstance(node, dict):
        return node
    inner = {name: _ordered(value) for name, value in node.items()}
    fields = inner.get("value")
    if node.get("type") == "object" and isinstance(fields, dict):
        inner["value"] = [[name, value] for name, value in fields.items()]
    return inner
