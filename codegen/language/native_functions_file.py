"""Native files with functions only: what they say of the functions of an app comes first."""

from __future__ import annotations

from collections.abc import Mapping as AbstractMapping
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from codegen.diagnostics import Diagnostics, Note, Path, Span, closest
from codegen.ir.model import Function, NamedType, Schema

from .locate import Declared, Locator
from .native_files import NativeFiles, Root, read_files
from .native_functions import Said, demand_kind, read_said
from .reading import Reading
from .source import Loaded, SourceFile
from .yaml_tree import Entry, Mapping

_KEYS: Final = ("functions", "types")
_OF_THE_APP: Final = ("tables", "schemaValidation")
_HINT: Final = "write `args:` or `returns:` below it"


def with_native_functions(
    loaded: Loaded, files: Sequence[SourceFile], diagnostics: Diagnostics
) -> Loaded | None:
    """The schema of an app with what the files say of its functions; None if one can't be read.

    Where nobody has told which functions there are, the files do; else each of theirs has to be
    one of the app's, and what they do not say of it is as it was. Where `diagnostics` have
    failed, what is given may be faulty.
    """
    schema = loaded.schema
    form = "a file of functions is a mapping with `functions:`"
    native = read_files(files, diagnostics, frozenset(schema.types), form=form)
    for root in native.roots:
        _check_root(native.reading(root.text), root)
    declared = native.declared("functions")
    _refuse_known_types(native, loaded)
    types = native.built_types()
    merging = _Merging(loaded)
    for path, one in declared.items():
        merging.add(native.reading(one.text), path, one.entry)
    if not native.is_whole:
        return None
    return merging.merged(types, native.types, declared)


def _check_root(reading: Reading, root: Root) -> None:
    for name, entry in root.mapping.entries.items():
        if name in _OF_THE_APP:
            message = f"`{name}` stands in the schema, not in a file of its functions"
            reading.fault("E110", entry.key, message, "leave it out here")
    entries = root.mapping.entries.items()
    others = {name: entry for name, entry in entries if name not in _OF_THE_APP}
    reading.check_keys(
        replace(root.mapping, entries=others), _KEYS, "a file of functions"
    )


def _refuse_known_types(native: NativeFiles, loaded: Loaded) -> None:
    for name, declared in native.types.items():
        if name in loaded.schema.types:
            note = Note("first declared here", loaded.locate(("types", name)))
            message = f"type `{name}` is declared twice"
            reading = native.reading(declared.text)
            reading.fault("E117", declared.entry.key, message, notes=(note,))


class _Merging:
    """The functions of an app while entries are laid over them."""

    def __init__(self, loaded: Loaded) -> None:
        self._loaded = loaded
        self._functions: dict[str, Function] = {**loaded.schema.functions}
        self._unread = {one.path for one in loaded.unread}
        self._said: set[Path] = set()

    def add(self, reading: Reading, path: str, entry: Entry) -> None:
        said = read_said(reading, path, entry, _HINT)
        there = self._loaded.schema.functions.get(path)
        if there is not None:
            self._refuse_another_kind(reading, path, entry, said, there)
            self._functions[path] = self._laid_over(there, said)
        elif self._may_be_there(path):
            demand_kind(reading, path, entry)
            self._functions[path] = said.function(path)
            self._said.add(("functions", path))
        else:
            names = [str(one[1]) for one in self._unread if one[0] == "functions"]
            hint = closest(path, (*self._functions, *names))
            message = f"the app has no function `{path}`"
            reading.fault("E119", entry.key, message, hint)

    def _may_be_there(self, path: str) -> bool:
        """Whether nobody can say that there is no such function."""
        module = path.rpartition(":")[0]
        return (
            self._loaded.exported_functions is None
            or ("functions", path) in self._unread
            or ("modules", module) in self._unread
        )

    def _laid_over(self, there: Function, said: Said) -> Function:
        base: Path = ("functions", there.path)
        if said.args is not None:
            self._said.add((*base, "args"))
        if said.returns is not None:
            self._said.add((*base, "returns"))
        return replace(
            there,
            args=there.args if said.args is None else said.args,
            returns=there.returns if said.returns is None else said.returns,
            description=said.description or there.description,
        )

    def _refuse_another_kind(
        self, reading: Reading, path: str, entry: Entry, said: Said, there: Function
    ) -> None:
        note = Note("it is declared here", self._loaded.locate(("functions", path)))
        for key, here, known in (
            ("kind", said.kind, there.kind),
            ("visibility", said.visibility, there.visibility),
        ):
            if here is not None and here != known and isinstance(entry.value, Mapping):
                message = f"the {key} of function `{path}` is {known}, not {here}"
                place = entry.value.entries[key].value
                hint = f"leave `{key}` out: the app says it"
                reading.fault("E421", place, message, hint, (note,))

    def merged(
        self,
        types: AbstractMapping[str, NamedType],
        declared_types: AbstractMapping[str, Declared],
        declared: AbstractMapping[str, Declared],
    ) -> Loaded:
        """The schema with the types and the functions, each at its own place."""
        loaded = self._loaded
        known = loaded.schema.types
        new = {name: one for name, one in types.items() if name not in known}
        said = self._said.union(("types", name) for name in new)
        locate_here = Locator(Schema(), {}, declared_types, declared)

        def locate(path: Path) -> Span | None:
            is_here = path[:2] in said or path[:3] in said
            return locate_here(path) if is_here else loaded.locate(path)

        schema = replace(
            loaded.schema,
            types={**known, **new},
            functions=self._functions,
        )
        unread = tuple(
            one
            for one in loaded.unread
            if one.path not in said and one.path[:2] not in said
        )
        return replace(
            loaded, schema=schema, locate=locate, unread=unread, said=frozenset(said)
        )
