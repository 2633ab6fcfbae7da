"""The native schema language: the YAML trees of one or several files become one schema."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from codegen.diagnostics import Diagnostic, Diagnostics, Note
from codegen.ir.model import NamedType, Schema
from codegen.ir.types import ANY

from .locate import Declared, Locator
from .native_fields import TYPE_KEYS, read_described
from .native_functions import read_function
from .native_tables import TABLE_KEYS, read_table
from .native_types import is_class_name
from .reading import Reading, span_of
from .recursion import find_cycles, references
from .source import Loaded, SourceFile
from .text import Text, decode
from .yaml_tree import Entry, Mapping, compose

ROOT_KEYS: Final = ("types", "tables", "functions", "schemaValidation")


@dataclass(frozen=True, slots=True)
class _Root:
    """The top level of a file."""

    text: Text
    mapping: Mapping


def load_native(files: Sequence[SourceFile], diagnostics: Diagnostics) -> Loaded | None:
    """The schema of all files together, in their order; None if one could not be read."""
    roots = [root for file in files if (root := _read_root(file, diagnostics))]
    if not roots:
        return None
    types = _declared(roots, "types", diagnostics)
    tables = _declared(roots, "tables", diagnostics)
    functions = _declared(roots, "functions", diagnostics)
    names = frozenset(types)
    built: dict[str, NamedType] = {}
    refused: set[str] = set()
    is_whole = len(roots) == len(files)
    readings = {
        id(root.text): Reading(root.text, diagnostics, names, built, refused, is_whole)
        for root in roots
    }
    for root in roots:
        _check_root(readings[id(root.text)], root.mapping)
    for name, declared in types.items():
        reading = readings[id(declared.text)]
        if not is_class_name(reading, declared.entry.key, name, "a type"):
            refused.add(name)
    for name, declared in types.items():
        reading = readings[id(declared.text)]
        described = read_described(reading, declared.entry, TYPE_KEYS)
        if name not in refused:
            built[name] = NamedType(name, described.type, described.description)
    _refuse_recursion(built, types, diagnostics)
    schema = Schema(
        {
            name: read_table(readings[id(declared.text)], name, declared.entry)
            for name, declared in tables.items()
        },
        built,
        _schema_validation(roots, readings, diagnostics),
        {
            path: read_function(readings[id(declared.text)], path, declared.entry)
            for path, declared in functions.items()
        },
    )
    if not tables and not diagnostics.failed:
        _refuse_emptiness(roots[0], diagnostics)
    # What a file that could not be read defines is unknown: there is no schema to check.
    locate = Locator(schema, tables, types, functions)
    return Loaded(schema, locate) if is_whole else None


def _read_root(file: SourceFile, diagnostics: Diagnostics) -> _Root | None:
    text = decode(file, diagnostics)
    node = compose(text, diagnostics) if text else None
    if text is None or node is None:
        return None
    if isinstance(node, Mapping):
        return _Root(text, node)
    message = "a schema is a mapping with `tables:`"
    diagnostics.add(Diagnostic("E111", message, span_of(text, node)))
    return None


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


def _declared(
    roots: list[_Root], key: str, diagnostics: Diagnostics
) -> dict[str, Declared]:
    """The entries under `key` of all files by name; a name has one place."""
    found: dict[str, Declared] = {}
    for root in roots:
        reading = Reading(root.text, diagnostics, frozenset())
        for name, entry in _entries(reading, root.mapping, key):
            declared = Declared(root.text, entry)
            first = found.setdefault(name, declared)
            if first is not declared:
                note = Note("first declared here", first.span)
                message = f"{key[:-1]} `{name}` is declared twice"
                reading.fault("E117", entry.key, message, notes=(note,))
    return found


def _entries(
    reading: Reading, mapping: Mapping, key: str
) -> Iterator[tuple[str, Entry]]:
    entry = mapping.entries.get(key)
    if entry is None:
        return
    inner = reading.mapping(entry, f"write `name: …` for each {key[:-1]}")
    if inner is None:
        return
    for name, declared in inner.entries.items():
        if declared.key.text != name:
            message = "only fields are optional: this name has no `?`"
            reading.fault("E110", declared.key, message)
        yield name, declared


def _refuse_recursion(
    built: dict[str, NamedType], types: dict[str, Declared], diagnostics: Diagnostics
) -> None:
    """Reports types that contain themselves, and cuts the cycles."""
    cycles = find_cycles({name: named.type for name, named in built.items()})
    locate = Locator(Schema(types=built), {}, types, {})
    for cycle in cycles:
        notes: list[Note] = []
        for name, target in zip(cycle, (*cycle[1:], cycle[0]), strict=True):
            path = next(p for n, p in references(built[name].type) if n == target)
            span = locate(("types", name, "type", *path))
            notes.append(Note(f"`{name}` refers to `{target}` here", span))
        declared = types[cycle[0]]
        message = f"type `{cycle[0]}` contains itself: {' → '.join((*cycle, cycle[0]))}"
        hint = "a type cannot be recursive; use `Any` at one place, or an `Id[...]`"
        diagnostics.add(Diagnostic("E118", message, declared.span, hint, tuple(notes)))
    for cycle in cycles:
        built[cycle[-1]] = NamedType(cycle[-1], ANY, built[cycle[-1]].description)


def _schema_validation(
    roots: list[_Root], readings: dict[int, Reading], diagnostics: Diagnostics
) -> bool:
    """Whether documents are validated: true unless the one file that says it says false."""
    first: Declared | None = None
    value = True
    for root in roots:
        entry = root.mapping.entries.get("schemaValidation")
        if entry is None:
            continue
        reading = readings[id(root.text)]
        if first is not None:
            note = Note("first given here", first.span)
            message = "`schemaValidation` is given twice"
            reading.fault("E117", entry.key, message, notes=(note,))
            continue
        first = Declared(root.text, entry)
        value = reading.flag(entry)
    return value


def _refuse_emptiness(root: _Root, diagnostics: Diagnostics) -> None:
    """Reports that no file has a table, where the first could have one."""
    entry = root.mapping.entries.get("tables")
    place = (entry.key.start, entry.key.end) if entry else (0, 0)
    message = "this schema has no tables"
    hint = "write `tables:` with at least one table"
    diagnostics.add(Diagnostic("E115", message, root.text.span(*place), hint))
