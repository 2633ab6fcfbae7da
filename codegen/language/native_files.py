"""The files of the native language together: what they declare by name, and the types they share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass, field

from codegen.diagnostics import Diagnostic, Diagnostics, Note
from codegen.ir.model import NamedType, Schema
from codegen.ir.types import ANY

from .locate import Declared, Locator
from .native_fields import TYPE_KEYS, read_described
from .native_types import is_class_name
from .reading import Reading, span_of
from .recursion import find_cycles, references
from .source import SourceFile
from .text import Text, decode
from .yaml_tree import Entry, Mapping, compose


@dataclass(frozen=True, slots=True)
class Root:
    """The top level of a file."""

    text: Text
    mapping: Mapping


@dataclass(slots=True)
class NativeFiles:
    """The files that could be read, in their order; they share their types.

    `known_types` are the names of types that are declared elsewhere.
    """

    diagnostics: Diagnostics
    roots: list[Root]
    is_whole: bool
    """Whether all files could be read."""
    known_types: frozenset[str] = frozenset()
    types: dict[str, Declared] = field(init=False)
    _readings: dict[int, Reading] = field(init=False)
    _built: dict[str, NamedType] = field(default_factory=dict[str, NamedType])

    def __post_init__(self) -> None:
        self.types = self.declared("types")
        names = self.known_types.union(self.types)
        refused: set[str] = set()
        self._readings = {
            id(root.text): Reading(
                root.text, self.diagnostics, names, self._built, refused, self.is_whole
            )
            for root in self.roots
        }

    def reading(self, text: Text) -> Reading:
        """The reading of one of the files, by its text."""
        return self._readings[id(text)]

    def declared(self, key: str) -> dict[str, Declared]:
        """The entries under `key` of all files by name; a name has one place."""
        found: dict[str, Declared] = {}
        for root in self.roots:
            reading = Reading(root.text, self.diagnostics, frozenset())
            for name, entry in _entries(reading, root.mapping, key):
                declared = Declared(root.text, entry)
                first = found.setdefault(name, declared)
                if first is not declared:
                    note = Note("first declared here", first.span)
                    message = f"{key[:-1]} `{name}` is declared twice"
                    reading.fault("E117", entry.key, message, notes=(note,))
        return found

    def built_types(self) -> dict[str, NamedType]:
        """The types of all files by name, without those that are reported."""
        for name, declared in self.types.items():
            reading = self.reading(declared.text)
            if not is_class_name(reading, declared.entry.key, name, "a type"):
                reading.refused.add(name)
        for name, declared in self.types.items():
            reading = self.reading(declared.text)
            described = read_described(reading, declared.entry, TYPE_KEYS)
            if name not in reading.refused:
                self._built[name] = NamedType(
                    name, described.type, described.description
                )
        _refuse_recursion(self._built, self.types, self.diagnostics)
        return self._built


def read_files(
    files: Sequence[SourceFile],
    diagnostics: Diagnostics,
    known_types: frozenset[str] = frozenset(),
    *,
    form: str = "a schema is a mapping with `tables:`",
) -> NativeFiles:
    """The files that can be read; reports the others, and those that are not of the form."""
    found = [_read_root(file, form, diagnostics) for file in files]
    roots = [root for root in found if root is not None]
    return NativeFiles(diagnostics, roots, len(roots) == len(files), known_types)


def _read_root(file: SourceFile, form: str, diagnostics: Diagnostics) -> Root | None:
    text = decode(file, diagnostics)
    node = compose(text, diagnostics) if text else None
    if text is None or node is None:
        return None
    if isinstance(node, Mapping):
        return Root(text, node)
    diagnostics.add(Diagnostic("E111", form, span_of(text, node)))
    return None


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
    built: dict[str, NamedType],
    types: AbstractMapping[str, Declared],
    diagnostics: Diagnostics,
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
