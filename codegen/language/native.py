"""The native schema language: the YAML trees of one or several files become one schema."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from codegen.diagnostics import Diagnostic, Diagnostics, Note
from codegen.ir.model import Schema

from .locate import Declared, Locator
from .native_files import NativeFiles, Root, read_files
from .native_functions import read_function
from .native_tables import TABLE_KEYS, read_table
from .reading import Reading
from .source import Loaded, SourceFile
from .yaml_tree import Entry, Mapping

ROOT_KEYS: Final = ("types", "tables", "functions", "schemaValidation")


def load_native(files: Sequence[SourceFile], diagnostics: Diagnostics) -> Loaded | None:
    """The schema of all files together, in their order; None if one could not be read."""
    native = read_files(files, diagnostics)
    if not native.roots:
        return None
    tables = native.declared("tables")
    functions = native.declared("functions")
    for root in native.roots:
        _check_root(native.reading(root.text), root.mapping)
    types = native.built_types()
    schema = Schema(
        {
            name: read_table(native.reading(declared.text), name, declared.entry)
            for name, declared in tables.items()
        },
        types,
        _schema_validation(native),
        {
            path: read_function(native.reading(declared.text), path, declared.entry)
            for path, declared in functions.items()
        },
    )
    if not tables and not diagnostics.failed:
        _refuse_emptiness(native.roots[0], bool(functions), diagnostics)
    # What a file that could not be read defines is unknown: there is no schema to check.
    locate = Locator(schema, tables, native.types, functions)
    return Loaded(schema, locate) if native.is_whole else None


def _check_root(reading: Reading, mapping: Mapping) -> None:
    entries = mapping.entries
    first = next(iter(entries.values()), None)
    if first and _is_table(first) and not any(name in ROOT_KEYS for name in entries):
        reading.fault(
            "E110", first.key, "a table stands under `tables:`", "indent it there"
        )
    else:
        reading.check_keys(mapping, ROOT_KEYS, "a schema")


def _is_table(entry: Entry) -> bool:
    inner = entry.value
    return isinstance(inner, Mapping) and not inner.entries.keys().isdisjoint(
        TABLE_KEYS
    )


def _schema_validation(native: NativeFiles) -> bool:
    """Whether documents are validated: true unless the one file that says it says false."""
    first: Declared | None = None
    value = True
    for root in native.roots:
        entry = root.mapping.entries.get("schemaValidation")
        if entry is None:
            continue
        reading = native.reading(root.text)
        if first is not None:
            note = Note("first given here", first.span)
            message = "`schemaValidation` is given twice"
            reading.fault("E117", entry.key, message, notes=(note,))
            continue
        first = Declared(root.text, entry)
        value = reading.flag(entry)
    return value


def _refuse_emptiness(
    root: Root, has_functions: bool, diagnostics: Diagnostics
) -> None:
    """Reports that no file has a table, where the first could have one."""
    entry = root.mapping.entries.get("tables")
    place = (entry.key.start, entry.key.end) if entry else (0, 0)
    message = "this schema has no tables"
    hint = "write `tables:` with at least one table"
    if has_functions:
        hint += (
            "; to add to the functions of an app, name this file as `functions` in "
            "[tool.codegen] of pyproject.toml, and the app as `schema`"
        )
    diagnostics.add(Diagnostic("E115", message, root.text.span(*place), hint))
