"""The kinds of sources that can be imported: how each is known, and what reads it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Final, TypeAlias, cast

from codegen.diagnostics import Diagnostic, Diagnostics
from codegen.language.source import Loaded

from .options import Options
from .urls import database_url

Reader: TypeAlias = Callable[[str, Options, Diagnostics, list[str]], "Loaded | None"]
"""Reads a source, which is a path, a URL or `module:Name`; the list takes further notes."""

READERS: Final[Mapping[str, str]] = {
    "json-schema": "json_schema.reader",
    "openapi": "json_schema.reader",
    "graphql": "graphql",
    "json": "samples",
    "jsonl": "samples",
    "python": "classes",
    "sqlite": "sql.databases",
    "postgresql": "sql.databases",
}
"""For each kind the module whose `READERS` has the function that reads it."""

_SUFFIXES: Final = {
    ".graphql": "graphql",
    ".graphqls": "graphql",
    ".gql": "graphql",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".db": "sqlite",
    ".db3": "sqlite",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
}
_SQLITE: Final = b"SQLite format 3\0"
_CLASS: Final = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")
_OPENAPI: Final = re.compile(r"""^(["']?)(openapi|swagger)\1[ \t]*:""", re.MULTILINE)
_NATIVE: Final = re.compile(
    r"^(tables|types|functions|schemaValidation):", re.MULTILINE
)
_SCHEMA: Final = re.compile(
    r"""^(["']?)(\$schema|\$defs|\$id|definitions|properties|\$ref|allOf|anyOf|oneOf)\1[ \t]*:""",
    re.MULTILINE,
)
_OF_SCHEMAS: Final = frozenset(
    (
        *("$schema", "$defs", "$id", "$ref", "definitions", "properties", "allOf"),
        *("anyOf", "oneOf", "enum", "const"),
    )
)
_TYPES: Final = ("object", "array", "string", "number", "integer", "boolean", "null")


def read(
    kind: str,
    source: str,
    options: Options,
    diagnostics: Diagnostics,
    notes: list[str],
) -> Loaded | None:
    """The schema of a source of a kind; None after a report."""
    module = import_module(f"codegen.importers.{READERS[kind]}")
    readers = cast("Mapping[str, Reader]", module.READERS)
    found = Diagnostics()
    loaded = readers[kind](source, options, found, notes)
    may_be_samples = kind == "json-schema" and not _says_schema(source)
    diagnostics.extend(_for_samples(one) if may_be_samples else one for one in found)
    return loaded


def _for_samples(found: Diagnostic) -> Diagnostic:
    """With the way out, where samples were taken for a schema."""
    if found.hint or found.code not in ("E801", "E803", "E805", "W812"):
        return found
    return replace(found, hint="if these are samples, and no schema: --from json")


def _says_schema(source: str) -> bool:
    """Whether the file says at its top what it is; one that isn't JSON is no sample."""
    try:
        with open(source, "rb") as file:
            value: object = json.load(file)
    except (OSError, ValueError, RecursionError):
        return True
    return isinstance(value, dict) and "$schema" in value


def kind_of(source: str) -> str | None:
    """The kind that a source looks like; None for the schemas that `generate` reads, too."""
    url = database_url(source)
    if url is not None and url.startswith("postgres"):
        return "postgresql"
    if url is not None and url.startswith("sqlite:///"):
        return "sqlite"
    if not os.path.exists(source):
        return "python" if _CLASS.fullmatch(source) else None
    if not os.path.isfile(source):
        return None
    suffix = os.path.splitext(source)[1].lower()
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    try:
        with open(source, "rb") as file:
            if file.read(len(_SQLITE)) == _SQLITE:
                return "sqlite"
            file.seek(0)
            if suffix == ".json":
                return _kind_of_json(file.read())
            if suffix in (".yaml", ".yml"):
                return _kind_of_yaml(file.read())
    except OSError:
        pass
    return None


def _kind_of_json(data: bytes) -> str | None:
    """Of JSON; what is none is left to those who say so at its place."""
    try:
        value: object = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, list):
        return "json"
    if not isinstance(value, dict):
        return None
    keys = cast("dict[str, object]", value)
    if "openapi" in keys or "swagger" in keys:
        return "openapi"
    if "$schema" in keys:
        return "json-schema"
    tables = keys.get("tables")
    if isinstance(tables, list) and ({*keys} <= {"tables", "schemaValidation"}):
        return None
    kind = keys.get("type")
    if not _OF_SCHEMAS.isdisjoint(keys) or kind in _TYPES or isinstance(kind, list):
        return "json-schema"
    return "json"


def _kind_of_yaml(data: bytes) -> str | None:
    text = data.decode("utf-8", "replace")
    if _OPENAPI.search(text):
        return "openapi"
    if _NATIVE.search(text):
        return None
    return "json-schema" if _SCHEMA.search(text) else None
